using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="ConvNext"/> as an ONNX graph, from pixels to features.</summary>
internal sealed class ConvNextGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, ConvNextShape shape, ImageEncoder encoder)
    : ImageGraph(graph, state, encoder)
{
    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string x = First(LayerNorm(Last(Convolution(Pixels(), "stem", norm: null, shape.Patch, padding: 0)), "stem_norm", shape.Epsilon));
        foreach (((int stage, int block), int i) in shape.Blocks.Select((at, i) => (at, i)))
        {
            x = Block(x, $"blocks.{i}.", reduces: stage > 0 && block == 0);
        }

        return LayerNorm(Pool(x), "norm", shape.LastEpsilon);
    }

    /// <inheritdoc/>
    protected override int GroupsOf(string convolution, long channels) => convolution.EndsWith(".conv", StringComparison.Ordinal)
        ? (int)State[convolution + ".weight"].shape[0]
        : 1;

    private string Block(string x, string prefix, bool reduces)
    {
        x = reduces ? Convolution(First(LayerNorm(Last(x), prefix + "reduce_norm", shape.Epsilon)), prefix + "reduce", norm: null, stride: 2, padding: 0) : x;
        string y = LayerNorm(Last(Convolution(x, prefix + "conv", norm: null)), prefix + "norm", shape.Epsilon);
        y = Dense(Activate(Dense(y, prefix + "up"), Activation.Gelu), prefix + "down");
        y = shape.LayerScale ? Graph.Node("Mul", [y, Weight(prefix + "scale")]) : y;
        return Graph.Node("Add", [First(y), x]);
    }

    /// <summary>Channels last: [N, H, W, C].</summary>
    private string Last(string x) => Graph.Node("Transpose", [x], ("perm", new long[] { 0, 2, 3, 1 }));

    /// <summary>Channels first: [N, C, H, W].</summary>
    private string First(string x) => Graph.Node("Transpose", [x], ("perm", new long[] { 0, 3, 1, 2 }));
}
