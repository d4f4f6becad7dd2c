namespace TransferLab.Training;

/// <summary>What a checkpoint says beside its tensors.</summary>
internal sealed record CheckpointState
{
    public required string Fingerprint { get; init; }

    /// <summary>Index of the phase that was under way.</summary>
    public required int Phase { get; init; }

    /// <summary>Epochs done in it.</summary>
    public required int Epoch { get; init; }

    /// <summary>What of the next epoch is done.</summary>
    public PartOfEpoch Part { get; init; }

    /// <summary>Epochs of the phases before it.</summary>
    public required int EpochsBefore { get; init; }

    /// <summary>Steps of the optimizer.</summary>
    public required int Steps { get; init; }

    public required BestWeights.BestEpoch Best { get; init; }

    public required RunClock.Times Clock { get; init; }

    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }
}
