namespace TransferLab.Comparison.Advice;

/// <summary>Where the rules on answers draw their lines.</summary>
/// <param name="Easy">Loss a token below which a model says the right answers by itself.</param>
/// <param name="Worthwhile">Share by which a context has to lower the loss to be worth its tokens.</param>
/// <param name="Reads">Share by which the right passage has to cost less than a wrong one, so that the model counts as reading.</param>
internal sealed record AnswerThresholds(double Easy = 0.5, double Worthwhile = 0.2, double Reads = 0.1)
{
    /// <summary>Half as strict, as they stand, and twice as strict, in every combination; those as they stand come first.</summary>
    public static IReadOnlyList<AnswerThresholds> Around { get; } =
    [
        .. from easy in (double[])[1, 0.5, 2]
           from worthwhile in (double[])[1, 0.5, 2]
           from reads in (double[])[1, 0.5, 2]
           let usual = new AnswerThresholds()
           select new AnswerThresholds(easy * usual.Easy, worthwhile * usual.Worthwhile, reads * usual.Reads),
    ];

    /// <summary>Whether a model reads what it is shown.</summary>
    public bool IsReading(AnswerLosses losses) => losses.WithRight <= (1 - Reads) * losses.WithWrong;

    /// <summary>Whether a context is worth its tokens.</summary>
    /// <param name="loss">With it; null where there is none.</param>
    /// <param name="losses">Without.</param>
    public bool Lowers(double? loss, AnswerLosses losses) => loss <= (1 - Worthwhile) * losses.Alone;
}
