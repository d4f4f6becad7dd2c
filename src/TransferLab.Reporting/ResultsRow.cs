namespace TransferLab.Reporting;

/// <summary>One strategy of a comparison as a row of formatted strings.</summary>
public sealed record ResultsRow
{
    /// <summary>Name of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Accuracy in per cent with its 95 % interval: <c>87.4 (84.0-90.3)</c>.</summary>
    public required string Accuracy { get; init; }

    /// <summary>Mean macro-averaged F1: <c>0.871</c>.</summary>
    public required string MacroF1 { get; init; }

    /// <summary>Mean log loss, natural logarithm: <c>0.412</c>.</summary>
    public required string LogLoss { get; init; }

    /// <summary>Mean time from files to a trained model: <c>4 min 12 s</c>.</summary>
    public required string TrainTime { get; init; }

    /// <summary>Parameters that training moves: <c>11,181,642</c>.</summary>
    public required string TrainableParameters { get; init; }

    /// <summary>Largest resident memory over the runs: <c>812 MB</c>.</summary>
    public required string PeakMemory { get; init; }

    /// <summary>Median time for one example, from file to label: <c>8.3 ms</c>.</summary>
    public required string Latency { get; init; }
}
