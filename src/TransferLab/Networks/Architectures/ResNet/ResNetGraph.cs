using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="ResNet"/> as an ONNX graph, from pixels to features.</summary>
internal sealed class ResNetGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, ResNetShape shape, ImageEncoder encoder)
    : ImageGraph(graph, state, encoder)
{
    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string x = Activate(Convolution(Pixels(), "conv1", "bn1", stride: shape.Small ? 1 : 2), Activation.Relu);  // (N, stem, H/2, W/2)
        if (!shape.Small)
        {
            x = Graph.Node("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        }

        for (int stage = 0; stage < shape.Blocks.Count; stage++)
        {
            for (int block = 0; block < shape.Blocks[stage]; block++)
            {
                x = Block(x, stage, block);
            }
        }

        return Pool(x);
    }

    /// <inheritdoc/>
    protected override int GroupsOf(string convolution, long channels) => shape.IsBottleneck && convolution.EndsWith(".conv2", StringComparison.Ordinal)
        ? shape.Groups
        : 1;

    private string Block(string x, int stage, int block)
    {
        string prefix = $"layer{stage + 1}.{block}.";
        int stride = ResNetShape.StrideOf(stage, block);
        string shortcut = shape.HasProjection(stage, block)
            ? Convolution(x, prefix + "downsample.0", prefix + "downsample.1", stride)
            : stride == 1
            ? x
            : Padded(x, stage);
        string y;
        if (shape.IsBottleneck)
        {
            y = Activate(Convolution(x, prefix + "conv1", prefix + "bn1", shape.StridesFirst ? stride : 1), Activation.Relu);
            y = Activate(Convolution(y, prefix + "conv2", prefix + "bn2", shape.StridesFirst ? 1 : stride), Activation.Relu);
            y = Convolution(y, prefix + "conv3", prefix + "bn3");
        }
        else
        {
            y = Activate(Convolution(x, prefix + "conv1", prefix + "bn1", stride), Activation.Relu);
            y = Convolution(y, prefix + "conv2", prefix + "bn2");
        }

        return Activate(Graph.Node("Add", [y, shortcut]), Activation.Relu);
    }

    /// <summary>Every second pixel, and channels of zeros on both sides.</summary>
    private string Padded(string x, int stage)
    {
        long channels = (shape.WidthOf(stage) - shape.WidthOf(stage - 1)) / 2;
        string seconds =
            Graph.Node("Slice", [x, Graph.Constant("0.0", 0L, 0L), Graph.Constant("ends", long.MaxValue, long.MaxValue), Graph.Constant("2.3", 2L, 3L),
                Graph.Constant("2.2", 2L, 2L)]);
        return Graph.Node("Pad", [seconds, Graph.Constant($"pad.{channels}", 0L, channels, 0L, 0L, 0L, channels, 0L, 0L)]);
    }
}
