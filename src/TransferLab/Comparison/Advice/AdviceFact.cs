using System.Text.Json.Serialization;
using TransferLab.Strategies;

namespace TransferLab.Comparison.Advice;

/// <summary>One measured comparison: what could be known beforehand, and how it came out. Figures only.</summary>
public sealed record AdviceFact
{
    /// <summary>Name of the data set; checks leave out all facts of one.</summary>
    public required string Data { get; init; }

    /// <summary>The command that measured it.</summary>
    public required string Command { get; init; }

    /// <summary>What could be known beforehand.</summary>
    public required TransferScores Scores { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Test examples.</summary>
    public required int Tests { get; init; }

    /// <summary>How each strategy came out.</summary>
    public required IReadOnlyList<AdviceOutcome> Outcomes { get; init; }

    /// <summary>Seconds that frozen layers took an example, when it was measured.</summary>
    public required double SecondsPerExample { get; init; }
}

/// <summary>How a strategy came out.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Accuracy">Test accuracy, mean over the seeds.</param>
/// <param name="Gain">Accuracy minus that of <c>frozen</c>, paired, with its 95 % interval.</param>
/// <param name="Seconds">Seconds of training without trials before it, mean over the seeds.</param>
/// <param name="Epochs">Passes over the training examples; 0 where there were none.</param>
public sealed record AdviceOutcome(string Strategy, double Accuracy, Estimate Gain, double Seconds, int Epochs)
{
    /// <summary>What it is in a comparison; null in facts of older versions, where its name says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StrategyRole? Role { get; init; }

    /// <summary>Whether it moves the pretrained weights; null in facts of older versions, where its name says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? MovesPretrained { get; init; }
}
