using TransferLab.Networks.Onnx;
using TransferLab.Runtime;
using static TorchSharp.torch;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Parts of ONNX graphs of networks that see images: pixels and their normalisation, convolutions with batch normalisation folded in.
/// </summary>
internal class ImageGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, ImageEncoder encoder) : LayerGraph(graph, state)
{
    /// <summary>Width and height of images, pixels.</summary>
    protected int Size => encoder.Size;

    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and its normalisation.</summary>
    protected string Pixels()
    {
        string x = Graph.Input("image", OnnxType.Float, 3, encoder.Size, encoder.Size);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        if (encoder.Order == ChannelOrder.Bgr)
        {
            x = Graph.Node("Gather", [x, Graph.Constant("channels", 2L, 1L, 0L)], ("axis", 1L));
        }

        Tensor mean = encoder.MeanAtSize(CPU);                                                          // (1, 3, S, S) or (1, 3, 1, 1)
        x = Graph.Node("Sub", [x, Graph.Constant("mean", OnnxGraph.Floats(mean), mean.shape)]);
        float[] deviations = [.. encoder.Deviations];
        return deviations is [1] ? x : Graph.Node("Div", [x, Graph.Constant("deviation", deviations, 1, deviations.Length, 1, 1)]);
    }

    /// <summary>A convolution, with the batch normalisation that follows it where there is one.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="convolution">Name of its parameters.</param>
    /// <param name="norm">Name of the normalisation's; null for none.</param>
    /// <param name="stride">Along both axes.</param>
    /// <param name="same">TensorFlow's padding, else half the kernel on each side.</param>
    /// <param name="epsilon">Of the normalisation.</param>
    /// <param name="padding">Another padding than half the kernel.</param>
    protected string Convolution(string x, string convolution, string? norm, int stride = 1, bool same = false, double epsilon = 1e-5, long? padding = null)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor Value(string name) => State[name].detach().cpu().to(ScalarType.Float64);
        Tensor weight = Value(convolution + ".weight");
        Tensor? bias = State.ContainsKey(convolution + ".bias") ? Value(convolution + ".bias") : null;
        if (norm is not null)
        {
            Tensor scale = Value(norm + ".weight") / Value(norm + ".running_var").Plus(tensor(epsilon, ScalarType.Float64)).sqrt();
            Tensor shift = Value(norm + ".bias").Minus(Value(norm + ".running_mean") * scale);
            weight = weight * scale.view(-1, 1, 1, 1);
            bias = bias is null ? shift : shift.Plus(bias * scale);
        }

        long kernel = weight.shape[2], pad = padding ?? kernel / 2, channels = State[convolution + ".weight"].shape[1];
        List<string> inputs = [x, Graph.Constant(convolution + ".weight", OnnxGraph.Floats(weight), weight.shape)];
        if (bias is not null)
        {
            inputs.Add(Graph.Constant(convolution + ".bias", OnnxGraph.Floats(bias), bias.shape));
        }

        return Graph.Node("Conv", inputs,
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("group", (long)GroupsOf(convolution, channels)),
            same ? ("auto_pad", "SAME_UPPER") : ("pads", new[] { pad, pad, pad, pad }));
    }

    /// <summary>Groups of a convolution whose kernel sees so many channels; those of one channel are depthwise.</summary>
    protected virtual int GroupsOf(string convolution, long channels) => channels == 1 ? (int)State[convolution + ".weight"].shape[0] : 1;

    /// <summary>The mean of maps [N, C, H, W] as features [N, C].</summary>
    protected string Pool(string x) => Graph.Node("Flatten", [Graph.Node("GlobalAveragePool", [x])], ("axis", 1L));
}
