namespace TransferLab.Comparison.Advice;

/// <summary>How surprised a model is, as it is, by right answers: mean loss a token, natural logarithm, over the same questions in every place. Lower is
/// better.</summary>
public sealed record AnswerLosses
{
    /// <summary>How many questions were looked at.</summary>
    public required int Questions { get; init; }

    /// <summary>Behind the question alone.</summary>
    public required double Alone { get; init; }

    /// <summary>Behind examples and the question; null where there are none.</summary>
    public double? WithExamples { get; init; }

    /// <summary>Behind passages that were looked up and the question; null where there are none.</summary>
    public double? WithPassages { get; init; }

    /// <summary>Behind the right passage and the question; null where there are none.</summary>
    public double? WithRight { get; init; }

    /// <summary>Behind a wrong passage and the question: what any text before it does, read or not; null where there are none.</summary>
    public double? WithWrong { get; init; }

    /// <summary>Share of the questions for which a passage with the right answer was found; null where there are none.</summary>
    public double? Found { get; init; }
}
