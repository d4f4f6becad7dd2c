using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// What flows from layer group to layer group: values of several examples, and what layers must know of them. An encoder makes it once; every group maps a
/// batch to a batch.
/// </summary>
/// <param name="Values">[N, ...]: pixels, token ids, or the output of a layer group.</param>
/// <param name="Mask">
/// [N, T], 1 for a token and 0 for padding, in the type that the network computes in (ids are integers and cannot say it); null where every
/// position counts.
/// </param>
public readonly record struct Batch(Tensor Values, Tensor? Mask = null) : IDisposable
{
    /// <summary>[N, T] int64, the position of every token in its own text; null where they are 0, 1, 2 and so on.</summary>
    public Tensor? Positions { get; init; }

    /// <summary>Which positions see which.</summary>
    public AttentionPattern Attention { get; init; }

    /// <summary>The type in which the network computes, for inputs such as ids that cannot say it; null for float32.</summary>
    public ScalarType? Type { get; init; }

    /// <summary>Keys and values of earlier positions, while a causal network writes; null otherwise. Not owned.</summary>
    internal KeyValueCache? Cache { get; init; }

    /// <summary>What is to be predicted, in the form that the task gives it; null where nothing is.</summary>
    public Tensor? Targets { get; init; }

    /// <summary>A batch in which every position counts.</summary>
    public static implicit operator Batch(Tensor values) => FromTensor(values);

    /// <summary>A batch in which every position counts.</summary>
    public static Batch FromTensor(Tensor values) => new(values);

    /// <summary>Some of its examples: views of its tensors.</summary>
    internal Batch Rows(long first, long count) => this with
    {
        Values = Values.narrow(0, first, count),
        Mask = Mask?.narrow(0, first, count),
        Positions = Positions?.narrow(0, first, count),
        Targets = Targets?.narrow(0, first, count),
    };

    /// <summary>Keeps all tensors when the present dispose scope ends.</summary>
    public Batch MoveToOuterDisposeScope() => this with
    {
        Values = Values.MoveToOuterDisposeScope(),
        Mask = Mask?.MoveToOuterDisposeScope(),
        Positions = Positions?.MoveToOuterDisposeScope(),
        Targets = Targets?.MoveToOuterDisposeScope(),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Mask?.Dispose();
        Positions?.Dispose();
        Targets?.Dispose();
    }
}
