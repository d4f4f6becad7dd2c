using Microsoft.ML.OnnxRuntime;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>What an ONNX graph takes, and how a batch is handed to it.</summary>
internal abstract record OnnxInput
{
    /// <summary>Examples that it takes at a time; null for any number.</summary>
    public int? Batch { get; protected init; }

    /// <summary>Outputs that are the features where several are there and none is named, the first of them that there is.</summary>
    public virtual IReadOnlyList<string> UsualOutputs => [];

    /// <summary>Finds it.</summary>
    /// <exception cref="WeightsException">The graph takes neither images nor tokens; one line that says what it takes.</exception>
    public static OnnxInput Of(OnnxFile file) => OnnxTextInput.IsLike(file) ? OnnxTextInput.Of(file) : OnnxImageInput.Of(file);

    /// <summary>The graph's inputs by name. The caller owns the values.</summary>
    /// <param name="part">At most <see cref="Batch"/> examples.</param>
    /// <param name="rows">Rows to hand over; those that are more than the examples are zero.</param>
    public abstract IReadOnlyDictionary<string, OrtValue> Feed(Batch part, int rows);

    /// <summary>What the graph gave as layers here have it: maps with the channels first, and no positions that the batch does not have.</summary>
    public abstract Tensor Taken(Tensor output, Batch part);

    /// <summary>A batch in words: <c>images of 224 px</c>.</summary>
    public abstract string Describe(Batch part);

    /// <summary>A batch of one, to see what comes out.</summary>
    public abstract Batch Probe(InputEncoder encoder);
}
