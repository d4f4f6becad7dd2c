using TransferLab.Data;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>Turns examples into what a backbone reads. Immutable, and safe to use from several threads.</summary>
public abstract record InputEncoder
{
    /// <summary>What it reads: <c>image</c> or <c>text</c>.</summary>
    public abstract InputKind Kind { get; }

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

    /// <summary>
    /// Positions that an example takes where examples differ in length, such as tokens of a text; 1 where they do not. Batches are made of
    /// examples of like lengths, and padded to the longest.
    /// </summary>
    public virtual int LengthOf(Example example) => 1;

    /// <summary>Whether examples differ in length: then the output of middle layers is of no one shape.</summary>
    public virtual bool HasLengths => false;

    /// <summary>Names what an example holds, for this encoder: two examples with the same key give the same features.</summary>
    public virtual string KeyOf(Example example) => example.Hash.Length > 0 ? example.Hash : example.Source;

    /// <summary>All symbols that occur in examples, ascending, where inputs are made of symbols of a vocabulary; null where they are not.</summary>
    public virtual IReadOnlyList<long>? SymbolsIn(IEnumerable<Example> examples) => null;

    /// <summary>What a person should know of how these examples are encoded, such as texts that are cut; one sentence each.</summary>
    public virtual IReadOnlyList<string> Warnings(LabeledData data) => [];

    /// <summary>Constants that belong into a model file beside the weights, by name, with their shapes.</summary>
    public virtual IReadOnlyList<(string Name, ReadOnlyMemory<float> Values, long[] Shape)> Constants => [];

    /// <summary>Adds what a model file's metadata must say to make this encoder again; false where the library could not.</summary>
    public virtual bool AddTo(IDictionary<string, string> metadata) => false;

    /// <summary>Brings a raw batch onto the device, in the network's type, normalised as in pretraining. The caller disposes the result.</summary>
    public abstract Batch Normalize(Tensor raw, Device device, ScalarType type);
}
