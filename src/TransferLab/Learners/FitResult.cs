using TransferLab.Models;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>A trained model with the story of its training. Owns the model.</summary>
public sealed record FitResult : IDisposable
{
    /// <summary>The model.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>Where the time went.</summary>
    public required RunTime Time { get; init; }

    /// <summary>Epochs, or iterations of a solver without any.</summary>
    public required int Epochs { get; init; }

    /// <summary>How it went.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>What training chose, for display.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Parameters that training moved.</summary>
    public required long TrainableParameters { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
