using static TorchSharp.torch;

namespace TransferLab.Networks.Onnx;

/// <summary>Parts of ONNX graphs that networks of all kinds have: linear layers, normalisation of layers, activations.</summary>
internal class LayerGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state)
{
    /// <summary>The graph that is written.</summary>
    protected OnnxGraph Graph => graph;

    /// <summary>The network's tensors by name.</summary>
    protected IReadOnlyDictionary<string, Tensor> State => state;

    /// <summary>A linear layer over the last axis.</summary>
    protected string Dense(string x, string name)
    {
        using Tensor transposed = state[name + ".weight"].detach().t();
        string product = graph.Node("MatMul", [x, graph.Constant(name + ".weight", OnnxGraph.Floats(transposed), transposed.shape)]);
        return state.ContainsKey(name + ".bias") ? graph.Node("Add", [product, Weight(name + ".bias")]) : product;
    }

    /// <summary>Normalisation of the last axis.</summary>
    protected string LayerNorm(string x, string name, double epsilon) =>
        graph.Node("LayerNormalization", state.ContainsKey(name + ".bias")
            ? [x, Weight(name + ".weight"), Weight(name + ".bias")]
            : [x, Weight(name + ".weight")], ("axis", -1L), ("epsilon", (float)epsilon));

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
        Activation.GeluTanh => GeluTanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>A parameter as it is.</summary>
    protected string Weight(string name) => graph.Constant(name, OnnxGraph.Floats(state[name]), state[name].shape);

    private string Gelu(string x)
    {
        string erf = graph.Node("Erf", [graph.Node("Mul", [x, graph.Scalar("root.half", (float)Math.Sqrt(0.5))])]);
        return graph.Node("Mul", [graph.Node("Mul", [x, graph.Scalar("half", 0.5f)]), graph.Node("Add", [erf, graph.Scalar("one", 1)])]);
    }

    private string GeluTanh(string x)
    {
        string Times(string a, string b) => graph.Node("Mul", [a, b]);
        string cubic = graph.Node("Add", [Times(Times(x, x), graph.Scalar("gelu.cubic", 0.044715f)), graph.Scalar("one", 1)]);
        string inner = Times(Times(x, graph.Scalar("gelu.slope", (float)Math.Sqrt(2 / Math.PI))), cubic);
        return Times(Times(x, graph.Scalar("half", 0.5f)), graph.Node("Add", [graph.Node("Tanh", [inner]), graph.Scalar("one", 1)]));
    }
}
