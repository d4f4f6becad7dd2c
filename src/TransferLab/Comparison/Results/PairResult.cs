namespace TransferLab.Comparison;

/// <summary>The difference between two strategies on the same test examples.</summary>
public sealed record PairResult
{
    /// <summary>Name of the first strategy.</summary>
    public required string First { get; init; }

    /// <summary>Name of the second strategy.</summary>
    public required string Second { get; init; }

    /// <summary>Accuracy of the second minus accuracy of the first, paired, with its 95 % interval.</summary>
    public required Estimate Difference { get; init; }

    /// <summary>Training time of the second divided by that of the first.</summary>
    public required double TimeRatio { get; init; }

    /// <summary>McNemar's test, the bootstrap and the size of test that would be needed; null in files of older versions.</summary>
    public PairTest? Test { get; init; }

    /// <summary>Whether it was named before anything was measured, and corrected for; the others are exploratory. Null where all pairs count alike.</summary>
    public bool? Planned { get; init; }

    /// <summary>The finding in one plain sentence; names a winner only where the interval excludes zero and the corrected test agrees.</summary>
    public required string Sentence { get; init; }

    /// <summary>Whether a difference is shown: the interval excludes zero, and McNemar's test, corrected for the number of pairs, is at most 0.05.</summary>
    public bool Shows => (Difference.Low > 0 || Difference.High < 0) && (Test is null || Test.Corrected <= Verdict.Level);
}
