using TransferLab.Networks;
namespace TransferLab.Training;

/// <summary>What a run of the trainer leaves behind.</summary>
public sealed record TrainingOutcome : IDisposable
{
    /// <summary>The trained network, in evaluation mode. Owned by this outcome.</summary>
    public required TransferNetwork Network { get; init; }

    /// <summary>What the last phase trained.</summary>
    public required FreezePlan Plan { get; init; }

    /// <summary>Parameters that move in the phase that moves the most.</summary>
    internal long TrainableParameters { get; init; }

    /// <summary>Where the time went.</summary>
    public required RunTime Time { get; init; }

    /// <summary>Epochs over all phases; iterations for a solver without any.</summary>
    public required int Epochs { get; init; }

    /// <summary>How it went.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>What training chose, for display.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
