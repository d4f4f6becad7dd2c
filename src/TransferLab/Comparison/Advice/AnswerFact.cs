namespace TransferLab.Comparison.Advice;

/// <summary>One measured comparison of ways of answering: what could be seen beforehand, and how it came out. Figures only.</summary>
public sealed record AnswerFact
{
    /// <summary>Name of the set; checks leave out all facts of one.</summary>
    public required string Data { get; init; }

    /// <summary>The command that measured it.</summary>
    public required string Command { get; init; }

    /// <summary>What could be seen beforehand.</summary>
    public required AnswerEvidence Evidence { get; init; }

    /// <summary>What is counted: <c>contains</c>, say.</summary>
    public required string Metric { get; init; }

    /// <summary>The cluster of each test question, which stand and fall together.</summary>
    public required IReadOnlyList<int> Clusters { get; init; }

    /// <summary>What each test question counted, mean over the seeds, by way.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Scores { get; init; }
}
