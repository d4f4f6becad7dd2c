namespace TransferLab.Comparison.Advice;

/// <summary>Which way of answering to start with, and why.</summary>
public sealed record AnswerAdvice
{
    /// <summary>What it rests on.</summary>
    public required AnswerEvidence Evidence { get; init; }

    /// <summary>The way to start with, by its name in comparisons.</summary>
    public required string Start { get; init; }

    /// <summary>What to try after that; null where nothing promises more.</summary>
    public string? Then { get; init; }

    /// <summary>The reasons, a sentence or two each; every figure that decided stands in one of them.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>What the guide says where nothing was measured, a sentence each.</summary>
    public required IReadOnlyList<string> Unmeasured { get; init; }
}
