using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>An <see cref="InvertedResidualNetwork"/> as an ONNX graph, from pixels to features.</summary>
internal sealed class InvertedResidualGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, InvertedResidualShape shape, ImageEncoder encoder)
    : ImageGraph(graph, state, encoder)
{
    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string x = Activate(Normalized(Pixels(), "stem", stride: 2), shape.StemActivation);
        for (int i = 0; i < shape.Blocks.Count; i++)
        {
            x = Block(x, $"blocks.{i}.", InvertedResidualBlockShape.Parse(shape.Blocks[i])!);
        }

        x = Pool(Activate(Normalized(x, "head"), shape.HeadActivation));
        return shape.Features is null ? x : Activate(Dense(x, "features"), shape.HeadActivation);
    }

    private string Normalized(string x, string name, int stride = 1) =>
        Convolution(x, name + ".conv", name + ".norm", stride, shape.SamePadding && stride > 1, shape.Epsilon);

    private string Block(string x, string prefix, InvertedResidualBlockShape block)
    {
        string y = block.Expanded > 0 ? Activate(Normalized(x, prefix + "expand"), block.Activation) : x;
        y = Activate(Normalized(y, prefix + "depthwise", block.Stride), block.Activation);
        if (block.Squeezed > 0)
        {
            string means = Graph.Node("GlobalAveragePool", [y]);
            string reduced = Activate(Convolution(means, prefix + "squeeze.reduce", norm: null), shape.HardSqueeze ? Activation.Relu : block.Activation);
            string weights = Convolution(reduced, prefix + "squeeze.expand", norm: null);
            weights = shape.HardSqueeze ? Graph.Node("HardSigmoid", [weights], ("alpha", 1 / 6f), ("beta", 0.5f)) : Graph.Node("Sigmoid", [weights]);
            y = Graph.Node("Mul", [y, weights]);
        }

        y = Normalized(y, prefix + "project");
        return block.IsResidual ? Graph.Node("Add", [y, x]) : y;
    }

    /// <inheritdoc/>
    protected override int GroupsOf(string convolution, long channels) =>
        convolution.EndsWith(".depthwise.conv", StringComparison.Ordinal) ? (int)State[convolution + ".weight"].shape[0] : 1;
}
