using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="BertNetwork"/> as an ONNX graph, from token ids to features.</summary>
internal sealed class BertGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, BertShape shape, int longest)
    : TextGraph(graph, state, shape.Width, shape.Heads, longest)
{
    /// <summary>Adds inputs <c>input_ids</c> and <c>attention_mask</c> [N, T] int64, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string ids = Ids(), mask = Mask(), bias = Padding(mask);                                                        // (N, 1, 1, T)
        bias = shape.RelativeBuckets is { } buckets ? Graph.Node("Add", [bias, Relative(ids, buckets)]) : bias;         // (N, heads, T, T)
        string x = Embeddings(ids);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            x = Layer(x, bias, $"encoder.layer.{layer}.");
        }

        return Pool(x, ids, mask, shape.Pooling);
    }

    private string Embeddings(string ids)
    {
        string words = Graph.Node("Gather", [Weight("embeddings.word_embeddings.weight"), ids]);                        // (N, T, width)
        string positions = Rows(Weight("embeddings.position_embeddings.weight"), ids, shape.FirstPosition);
        if (shape.TokenTypes > 0)
        {
            string segment =
                Graph.Node("Slice", [Weight("embeddings.token_type_embeddings.weight"), Graph.Constant("0", 0L), Graph.Constant("1", 1L),
                    Graph.Constant("0", 0L)]);
            positions = Graph.Node("Add", [positions, segment]);
        }

        string x = LayerNorm(Graph.Node("Add", [words, positions]), "embeddings.LayerNorm", shape.Epsilon);
        return shape.EmbeddingWidth is null ? x : Dense(x, "embeddings_project");
    }

    private string Layer(string x, string bias, string prefix)
    {
        string Project(string name, bool turned = false) => Heads(Dense(x, $"{prefix}attention.self.{name}"), turned);
        string attended = Dense(Attend(Project("query"), Project("key", turned: true), Project("value"), bias), prefix + "attention.output.dense");
        x = LayerNorm(Graph.Node("Add", [attended, x]), prefix + "attention.output.LayerNorm", shape.Epsilon);
        string down = Dense(Activate(Dense(x, prefix + "intermediate.dense"), shape.Activation), prefix + "output.dense");
        return LayerNorm(Graph.Node("Add", [down, x]), prefix + "output.LayerNorm", shape.Epsilon);
    }

    /// <summary>The bias of every pair of positions, [1, heads, T, T]: looked up by distance.</summary>
    private string Relative(string ids, int buckets)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        long[] ranges = [.. Enumerable.Range(1 - Longest, (2 * Longest) - 1).Select(distance => RelativeBuckets.Of(distance, buckets))];
        Tensor table = State["encoder.relative_attention_bias.weight"].detach().cpu().index_select(0, tensor(ranges));  // (2 longest - 1, heads)
        string places = Graph.Node("Add", [Distances(ids), Graph.Constant("nearest", Longest - 1L)]);
        string pairs = Graph.Node("Gather", [Graph.Constant("relative", OnnxGraph.Floats(table), table.shape), places]); // (T, T, heads)
        return Graph.Node("Unsqueeze", [Graph.Node("Transpose", [pairs], ("perm", new long[] { 2, 0, 1 })), Graph.Constant("0", 0L)]);
    }
}
