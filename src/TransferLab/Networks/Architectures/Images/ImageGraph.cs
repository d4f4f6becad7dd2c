using TransferLab.Networks.Onnx;
using TransferLab.Runtime;
using static TorchSharp.torch;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Parts of ONNX graphs of networks that see images: pixels and their normalisation, convolutions with batch normalisation folded in, linear layers, normalisation of
/// layers, activations.
/// </summary>
internal class ImageGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, ImageEncoder encoder)
{
    /// <summary>The graph that is written.</summary>
    protected OnnxGraph Graph => graph;

    /// <summary>The network's tensors by name.</summary>
    protected IReadOnlyDictionary<string, Tensor> State => state;

    /// <summary>Width and height of images, pixels.</summary>
    protected int Size => encoder.Size;

    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and its normalisation.</summary>
    protected string Pixels()
    {
        string x = graph.Input("image", OnnxType.Float, 3, encoder.Size, encoder.Size);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        if (encoder.Order == ChannelOrder.Bgr)
        {
            x = graph.Node("Gather", [x, graph.Constant("channels", 2L, 1L, 0L)], ("axis", 1L));
        }

        Tensor mean = encoder.MeanAtSize(CPU);                                                          // (1, 3, S, S) or (1, 3, 1, 1)
        x = graph.Node("Sub", [x, graph.Constant("mean", OnnxGraph.Floats(mean), mean.shape)]);
        float[] deviations = [.. encoder.Deviations];
        return deviations is [1] ? x : graph.Node("Div", [x, graph.Constant("deviation", deviations, 1, deviations.Length, 1, 1)]);
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
        Tensor Value(string name) => state[name].detach().cpu().to(ScalarType.Float64);
        Tensor weight = Value(convolution + ".weight");
        Tensor? bias = state.ContainsKey(convolution + ".bias") ? Value(convolution + ".bias") : null;
        if (norm is not null)
        {
            Tensor scale = Value(norm + ".weight") / Value(norm + ".running_var").Plus(tensor(epsilon, ScalarType.Float64)).sqrt();
            Tensor shift = Value(norm + ".bias").Minus(Value(norm + ".running_mean") * scale);
            weight = weight * scale.view(-1, 1, 1, 1);
            bias = bias is null ? shift : shift.Plus(bias * scale);
        }

        long kernel = weight.shape[2], pad = padding ?? kernel / 2, channels = state[convolution + ".weight"].shape[1];
        List<string> inputs = [x, graph.Constant(convolution + ".weight", OnnxGraph.Floats(weight), weight.shape)];
        if (bias is not null)
        {
            inputs.Add(graph.Constant(convolution + ".bias", OnnxGraph.Floats(bias), bias.shape));
        }

        return graph.Node("Conv", inputs,
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("group", (long)GroupsOf(convolution, channels)),
            same ? ("auto_pad", "SAME_UPPER") : ("pads", new[] { pad, pad, pad, pad }));
    }

    /// <summary>Groups of a convolution whose kernel sees so many channels; those of one channel are depthwise.</summary>
    protected virtual int GroupsOf(string convolution, long channels) => channels == 1 ? (int)state[convolution + ".weight"].shape[0] : 1;

    /// <summary>A linear layer over the last axis.</summary>
    protected string Dense(string x, string name)
    {
        using Tensor transposed = state[name + ".weight"].detach().t();
        string product = graph.Node("MatMul", [x, graph.Constant(name + ".weight", OnnxGraph.Floats(transposed), transposed.shape)]);
        return state.ContainsKey(name + ".bias") ? graph.Node("Add", [product, Weight(name + ".bias")]) : product;
    }

    /// <summary>Normalisation of the last axis.</summary>
    protected string LayerNorm(string x, string name, double epsilon) =>
        graph.Node("LayerNormalization", [x, Weight(name + ".weight"), Weight(name + ".bias")], ("axis", -1L), ("epsilon", (float)epsilon));

    /// <summary>An activation.</summary>
    protected string Activate(string x, Activation activation) => activation switch
    {
        Activation.None => x,
        Activation.Relu => graph.Node("Relu", [x]),
        Activation.Relu6 => graph.Node("Clip", [x, graph.Scalar("zero", 0), graph.Scalar("six", 6)]),
        Activation.Silu => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]),
        Activation.HardSwish => graph.Node("HardSwish", [x]),
        Activation.QuickGelu => graph.Node("Mul", [x, graph.Node("Sigmoid", [graph.Node("Mul", [x, graph.Scalar("quick", 1.702f)])])]),
        Activation.Gelu => Gelu(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>The mean of maps [N, C, H, W] as features [N, C].</summary>
    protected string Pool(string x) => graph.Node("Flatten", [graph.Node("GlobalAveragePool", [x])], ("axis", 1L));

    /// <summary>A parameter as it is.</summary>
    protected string Weight(string name) => graph.Constant(name, OnnxGraph.Floats(state[name]), state[name].shape);

    private string Gelu(string x)
    {
        string erf = graph.Node("Erf", [graph.Node("Mul", [x, graph.Scalar("root.half", (float)Math.Sqrt(0.5))])]);
        return graph.Node("Mul", [graph.Node("Mul", [x, graph.Scalar("half", 0.5f)]), graph.Node("Add", [erf, graph.Scalar("one", 1)])]);
    }
}
