using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="ModernBertNetwork"/> as an ONNX graph, from token ids to features.</summary>
internal sealed class ModernBertGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, ModernBertShape shape, int longest)
    : TextGraph(graph, state, shape.Width, shape.Heads, longest)
{
    /// <summary>Adds inputs <c>input_ids</c> and <c>attention_mask</c> [N, T] int64, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string ids = Ids(), mask = Mask(), padding = Padding(mask);                                                     // (N, 1, 1, T)
        string near = Graph.Node("Add", [padding, Outside(Distances(ids), shape.Window)]);                              // (N, 1, T, T)
        (string Cosine, string Sine) global = Turn(ids, "global", shape.GlobalTheta), local = Turn(ids, "local", shape.LocalTheta);
        string x = LayerNorm(Graph.Node("Gather", [Weight("embeddings.tok_embeddings.weight"), ids]), "embeddings.norm", shape.Epsilon);
        for (int i = 0; i < shape.Layers; i++)
        {
            x = shape.IsGlobal(i) ? Layer(x, i, padding, global) : Layer(x, i, near, local);
        }

        return Pool(LayerNorm(x, "final_norm", shape.Epsilon), ids, mask, shape.Pooling);
    }

    private string Layer(string x, int index, string bias, (string Cosine, string Sine) turn)
    {
        string prefix = $"layers.{index}.", normal = index == 0 ? x : LayerNorm(x, prefix + "attn_norm", shape.Epsilon);
        string Part(int part) => Heads(Rows(normal, prefix + "attn.Wqkv", part * shape.Width, shape.Width));
        string key = Graph.Node("Transpose", [Turned(Part(1), turn)], ("perm", new long[] { 0, 1, 3, 2 }));
        string attended = Dense(Attend(Turned(Part(0), turn), key, Part(2), bias), prefix + "attn.Wo");
        x = Graph.Node("Add", [x, attended]);
        normal = LayerNorm(x, prefix + "mlp_norm", shape.Epsilon);
        string gate = Activate(Rows(normal, prefix + "mlp.Wi", 0, shape.FeedForward), shape.Activation);
        string up = Graph.Node("Mul", [gate, Rows(normal, prefix + "mlp.Wi", shape.FeedForward, shape.FeedForward)]);
        return Graph.Node("Add", [x, Dense(up, prefix + "mlp.Wo")]);
    }

    /// <summary>A linear layer by some rows of a matrix.</summary>
    private string Rows(string x, string name, int first, int count)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor part = State[name + ".weight"].detach().narrow(0, first, count).t();
        return Graph.Node("MatMul", [x, Graph.Constant($"{name}.weight.{first}", OnnxGraph.Floats(part), part.shape)]);
    }

    private string Turned(string x, (string Cosine, string Sine) turn)
    {
        long half = HeadWidth / 2;
        string Part(long from, long to) => Graph.Node("Slice", [x, Graph.Constant($"{from}", from), Graph.Constant($"{to}", to), Graph.Constant("3", 3L)]);
        string turned = Graph.Node("Concat", [Graph.Node("Neg", [Part(half, 2 * half)]), Part(0, half)], ("axis", -1L));
        return Graph.Node("Add", [Graph.Node("Mul", [x, turn.Cosine]), Graph.Node("Mul", [turned, turn.Sine])]);
    }

    private (string Cosine, string Sine) Turn(string ids, string name, double theta)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using RotaryPositions positions = new(HeadWidth, theta);
        (Tensor cosine, Tensor sine) = positions.Of(Longest, null, 0, zeros(1));
        string Table(string of, Tensor values) =>
            Rows(Graph.Constant($"{name}.{of}", OnnxGraph.Floats(values.view(Longest, HeadWidth)), Longest, HeadWidth), ids);
        return (Table("cosine", cosine), Table("sine", sine));
    }
}
