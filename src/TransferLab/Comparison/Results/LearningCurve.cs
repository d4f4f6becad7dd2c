namespace TransferLab.Comparison;

/// <summary>How good one strategy is with more and more training examples.</summary>
public sealed record LearningCurve
{
    /// <summary>Name of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>One point a size, the smallest first.</summary>
    public required IReadOnlyList<LearningCurvePoint> Points { get; init; }
}
