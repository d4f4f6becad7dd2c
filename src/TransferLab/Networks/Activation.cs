using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>What flows from layer group to layer group: a batch, and for inputs of different lengths what of it is padding.</summary>
/// <param name="Values">[N, ...]: pixels, token ids, or the output of a layer group.</param>
/// <param name="Mask">
/// [N, T], 1 for a token and 0 for padding, in the type that the network computes in (ids are integers and cannot say it); null where every
/// position counts.
/// </param>
public readonly record struct Activation(Tensor Values, Tensor? Mask = null) : IDisposable
{
    /// <summary>A batch in which every position counts.</summary>
    public static implicit operator Activation(Tensor values) => FromTensor(values);

    /// <summary>A batch in which every position counts.</summary>
    public static Activation FromTensor(Tensor values) => new(values);

    /// <summary>Keeps both tensors when the present dispose scope ends.</summary>
    public Activation MoveToOuterDisposeScope() => new(Values.MoveToOuterDisposeScope(), Mask?.MoveToOuterDisposeScope());

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Mask?.Dispose();
    }
}
