namespace TransferLab.Comparison;

/// <summary>What was answered to one test question.</summary>
public sealed record AnswerResult
{
    /// <summary>The answer.</summary>
    public required string Text { get; init; }

    /// <summary>Tokens that were read: question, examples, passages, template.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Tokens that were written, the one that ended the answer included.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Seconds from question to answer, looking up included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether it ended by itself, and was not cut off.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Mean loss a token of the reference answer in the same place, natural logarithm; null where no model answers, or it is too long to be
    /// read.</summary>
    public double? Loss { get; init; }

    /// <summary>Ids of the passages that were shown, the best first.</summary>
    public IReadOnlyList<string> Passages { get; init; } = [];

    /// <summary>Whether one of them holds a right answer, or is the document that the question names; null where none was shown.</summary>
    public bool? Found { get; init; }
}
