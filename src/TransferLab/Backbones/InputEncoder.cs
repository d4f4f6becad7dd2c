using TransferLab.Data;
using static TorchSharp.torch;

namespace TransferLab.Backbones;

/// <summary>Turns examples into what a backbone reads. Immutable, and safe to use from several threads.</summary>
public abstract record InputEncoder
{
    /// <summary>What it reads: <c>image</c> or <c>text</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>In words, for reports: "short side to 96 px, centre crop, minus mean image".</summary>
    public abstract string Description { get; }

    /// <summary>Names this preprocessing exactly: two encoders with the same key give the same tensors. Part of the feature cache's key.</summary>
    public abstract string Key { get; }

    /// <summary>Reads examples into one raw tensor on the CPU. Runs on a background thread, and in parallel over the examples.</summary>
    /// <param name="examples">The batch.</param>
    /// <param name="views">How each is seen; null for the plain view of evaluation.</param>
    /// <param name="cancellation">Stops between examples.</param>
    /// <returns>[N, ...] for <see cref="Normalize"/>; the caller disposes it.</returns>
    public abstract Tensor Encode(IReadOnlyList<Example> examples, AugmentedViews? views, CancellationToken cancellation);

    /// <summary>Brings a raw batch onto the device, in the network's type, normalised as in pretraining. The caller disposes the result.</summary>
    public abstract Tensor Normalize(Tensor raw, Device device, ScalarType type);
}
