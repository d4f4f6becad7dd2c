using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>A backbone that nobody changes, with what its inputs need.</summary>
/// <param name="Network">The backbone.</param>
/// <param name="Owned">Disposed with the model: the backbone, or a lease of one that others use too.</param>
/// <param name="Encoder">How inputs reach it.</param>
/// <param name="Architecture">What a saved model holds of it; null where it cannot be saved.</param>
/// <param name="Compute">Where it runs.</param>
internal sealed record FrozenBackbone(BackboneNetwork Network, IDisposable Owned, InputEncoder Encoder, ArchitectureDescription? Architecture,
    ComputeDevice Compute)
{
    /// <summary>Where it comes from; null where that is not known.</summary>
    public BackboneCard? Card { get; init; }
}
