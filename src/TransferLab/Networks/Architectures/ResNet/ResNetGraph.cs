using TransferLab.Models.Onnx;
using TransferLab.Networks;
using TransferLab.Networks.Onnx;
using TransferLab.Runtime;
using static TorchSharp.torch;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="ResNet"/> as an ONNX graph, from pixels to features: batch normalisation folded into the convolutions, normalisation of pixels included.</summary>
internal sealed class ResNetGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, ImageEncoder encoder)
{
    private const double Epsilon = 1e-5;

    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string x = graph.Node("Sub", [graph.Input("image", OnnxType.Float, 3, encoder.Size, encoder.Size), Mean()]);
        x = Relu(Convolution(x, "conv1", "bn1", stride: 2));                                   // (N, width, H/2, W/2)
        x = graph.Node("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        for (int stage = 1; stage <= 4; stage++)
        {
            for (int block = 0; state.ContainsKey($"layer{stage}.{block}.conv1.weight"); block++)
            {
                x = Block(x, $"layer{stage}.{block}.", stride: stage > 1 && block == 0 ? 2 : 1);
            }
        }

        return graph.Node("Flatten", [graph.Node("GlobalAveragePool", [x])], ("axis", 1L));
    }

    private string Block(string x, string prefix, int stride)
    {
        string shortcut = state.ContainsKey(prefix + "downsample.0.weight") ? Convolution(x, prefix + "downsample.0", prefix + "downsample.1", stride) : x;
        string y = Relu(Convolution(x, prefix + "conv1", prefix + "bn1", stride));
        return Relu(graph.Node("Add", [Convolution(y, prefix + "conv2", prefix + "bn2", stride: 1), shortcut]));
    }

    private string Relu(string x) => graph.Node("Relu", [x]);

    private string Convolution(string x, string convolution, string norm, int stride)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor Value(string name) => state[name].detach().cpu().to(ScalarType.Float64);
        Tensor scale = Value(norm + ".weight") / Value(norm + ".running_var").Plus(tensor(Epsilon, ScalarType.Float64)).sqrt();
        Tensor weight = Value(convolution + ".weight") * scale.view(-1, 1, 1, 1);
        Tensor bias = Value(norm + ".bias").Minus(Value(norm + ".running_mean") * scale);
        if (convolution == "conv1")
        {
            weight = encoder.Order == ChannelOrder.Bgr ? weight.flip(1) : weight;              // Pixels come red first.
            weight = weight / tensor((double)encoder.Deviation, ScalarType.Float64);
        }

        long kernel = weight.shape[2], pad = kernel / 2;
        return graph.Node("Conv",
            [x, graph.Constant(convolution + ".weight", OnnxGraph.Floats(weight), weight.shape), graph.Constant(convolution + ".bias", OnnxGraph.Floats(bias), bias.shape)],
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
    }

    /// <summary>What is subtracted, as planes, red first.</summary>
    private string Mean()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor mean = encoder.MeanAtSize(CPU);                                                 // (1, 3, S, S) or (1, 3, 1, 1)
        mean = encoder.Order == ChannelOrder.Bgr ? mean.flip(1) : mean;
        return graph.Constant("mean", OnnxGraph.Floats(mean), mean.shape);
    }
}
