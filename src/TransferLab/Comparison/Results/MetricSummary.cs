namespace TransferLab.Comparison;

/// <summary>What the numbers of <see cref="RunResult.Scores"/> under one name mean: one number a test example, whose mean is the figure of a run.</summary>
public sealed record MetricSummary
{
    /// <summary>The share of examples that are labelled right: 1 or 0 an example.</summary>
    public static MetricSummary Accuracy { get; } = new() { Name = "accuracy" };

    /// <summary>Its name, by which scores are found: <c>accuracy</c>, <c>exact match</c>, <c>F1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether every score lies between 0 and 1, so that means are shown in per cent and intervals stay between these.</summary>
    public bool IsShare { get; init; } = true;

    /// <summary>Whether less is better, as with a loss.</summary>
    public bool LowerIsBetter { get; init; }
}
