using TransferLab.Models.Onnx;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Onnx;
using static TorchSharp.torch;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="BertNetwork"/> as an ONNX graph, from token ids to features.</summary>
internal sealed class BertGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, BertShape shape, Pooling pooling)
{
    private const float Hidden = -1e4f;

    /// <summary>Adds inputs <c>input_ids</c> and <c>attention_mask</c> [N, T] int64, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string ids = graph.Input("input_ids", OnnxType.Int64, -1);
        string mask = graph.Node("Cast", [graph.Input("attention_mask", OnnxType.Int64, -1)], ("to", (long)OnnxType.Float));     // (N, T)
        string padding = graph.Node("Sub", [graph.Scalar("one", 1), graph.Node("Unsqueeze", [mask, graph.Constant("axes.1.2", 1L, 2L)])]);
        string bias = graph.Node("Mul", [padding, graph.Scalar("hidden", Hidden)]);                                               // (N, 1, 1, T)
        string x = Embeddings(ids);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            x = Layer(x, bias, $"encoder.layer.{layer}.");
        }

        return Pool(x, mask);
    }

    private string Embeddings(string ids)
    {
        string words = graph.Node("Gather", [Weight("embeddings.word_embeddings.weight"), ids]);                                  // (N, T, width)
        string length = graph.Node("Slice", [graph.Node("Shape", [ids]), graph.Constant("1", 1L), graph.Constant("2", 2L)]);
        string positions = graph.Node("Slice", [Weight("embeddings.position_embeddings.weight"), graph.Constant("0", 0L), length, graph.Constant("0", 0L)]);
        string segment = graph.Node("Slice", [Weight("embeddings.token_type_embeddings.weight"), graph.Constant("0", 0L), graph.Constant("1", 1L), graph.Constant("0", 0L)]);
        return Norm(graph.Node("Add", [words, graph.Node("Add", [positions, segment])]), "embeddings.LayerNorm");
    }

    private string Layer(string x, string bias, string prefix)
    {
        string attended = Dense(Attention(x, bias, prefix + "attention.self."), prefix + "attention.output.dense");
        x = Norm(graph.Node("Add", [attended, x]), prefix + "attention.output.LayerNorm");
        string down = Dense(Gelu(Dense(x, prefix + "intermediate.dense")), prefix + "output.dense");
        return Norm(graph.Node("Add", [down, x]), prefix + "output.LayerNorm");
    }

    private string Attention(string x, string bias, string prefix)
    {
        long width = shape.Width / shape.Heads;
        string split = graph.Constant("split", 0L, 0L, shape.Heads, width), join = graph.Constant("join", 0L, 0L, shape.Width);
        string Heads(string name, params long[] order) => graph.Node("Transpose", [graph.Node("Reshape", [Dense(x, prefix + name), split])], ("perm", order));
        string query = graph.Node("Mul", [Heads("query", 0, 2, 1, 3), graph.Scalar("scale", 1 / (float)Math.Sqrt(width))]);
        string scores = graph.Node("Add", [graph.Node("MatMul", [query, Heads("key", 0, 2, 3, 1)]), bias]);                       // (N, heads, T, T)
        string y = graph.Node("MatMul", [graph.Node("Softmax", [scores], ("axis", -1L)), Heads("value", 0, 2, 1, 3)]);            // (N, heads, T, width)
        return graph.Node("Reshape", [graph.Node("Transpose", [y], ("perm", new long[] { 0, 2, 1, 3 })), join]);
    }

    private string Gelu(string x)
    {
        string erf = graph.Node("Erf", [graph.Node("Mul", [x, graph.Scalar("root.half", (float)Math.Sqrt(0.5))])]);
        return graph.Node("Mul", [graph.Node("Mul", [x, graph.Scalar("half", 0.5f)]), graph.Node("Add", [erf, graph.Scalar("one", 1)])]);
    }

    private string Pool(string x, string mask)
    {
        if (pooling == Pooling.First)
        {
            return graph.Node("Squeeze", [graph.Node("Slice", [x, graph.Constant("0", 0L), graph.Constant("1", 1L), graph.Constant("1", 1L)]), graph.Constant("1", 1L)]);
        }

        string weights = graph.Node("Unsqueeze", [mask, graph.Constant("2", 2L)]);                                                // (N, T, 1)
        string Sum(string values) => graph.Node("ReduceSum", [values, graph.Constant("1", 1L)], ("keepdims", 0L));
        return graph.Node("Div", [Sum(graph.Node("Mul", [x, weights])), Sum(weights)]);
    }

    private string Norm(string x, string name) =>
        graph.Node("LayerNormalization", [x, Weight(name + ".weight"), Weight(name + ".bias")], ("axis", -1L), ("epsilon", 1e-12f));

    private string Dense(string x, string name)
    {
        using Tensor transposed = state[name + ".weight"].detach().t();
        string weight = graph.Constant(name + ".weight", OnnxGraph.Floats(transposed), transposed.shape);
        return graph.Node("Add", [graph.Node("MatMul", [x, weight]), Weight(name + ".bias")]);
    }

    private string Weight(string name) => graph.Constant(name, OnnxGraph.Floats(state[name]), state[name].shape);
}
