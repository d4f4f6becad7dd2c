namespace TransferLab.Models;

/// <summary>What a model says about examples.</summary>
/// <param name="Probabilities">[N][classes], each row summing to 1.</param>
public sealed record Predictions(IReadOnlyList<float[]> Probabilities)
{
    /// <summary>The most probable class of each example; the first where several are.</summary>
    public IReadOnlyList<int> Labels { get; } = [.. Probabilities.Select(row => Array.IndexOf(row, row.Max()))];

    /// <summary>The probability of that class.</summary>
    public IReadOnlyList<float> Scores { get; } = [.. Probabilities.Select(row => row.Max())];
}
