using TransferLab.Networks.Onnx;
using static TorchSharp.torch;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Networks.Architectures;

/// <summary>Parts of ONNX graphs of networks that read texts: token ids and their mask, positions, attention, pooling.</summary>
/// <param name="graph">Is written.</param>
/// <param name="state">The network's tensors by name.</param>
/// <param name="width">Of a token's vector.</param>
/// <param name="heads">Of attention; they share the width.</param>
/// <param name="longest">Longest text, tokens.</param>
internal class TextGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, int width, int heads, int longest) : LayerGraph(graph, state)
{
    private const float Hidden = -1e4f;

    /// <summary>Width of a head.</summary>
    protected int HeadWidth => width / heads;

    /// <summary>Longest text, tokens.</summary>
    protected int Longest => longest;

    /// <summary>Adds the input <c>input_ids</c> [N, T] int64.</summary>
    protected string Ids() => Graph.Input("input_ids", OnnxType.Int64, -1);

    /// <summary>Adds the input <c>attention_mask</c> [N, T] int64, as float32.</summary>
    protected string Mask() => Graph.Node("Cast", [Graph.Input("attention_mask", OnnxType.Int64, -1)], ("to", (long)OnnxType.Float));

    /// <summary>What is added to the scores of padding, [N, 1, 1, T].</summary>
    protected string Padding(string mask)
    {
        string padding = Graph.Node("Sub", [Graph.Scalar("one", 1), Graph.Node("Unsqueeze", [mask, Graph.Constant("axes.1.2", 1L, 2L)])]);
        return Graph.Node("Mul", [padding, Graph.Scalar("hidden", Hidden)]);
    }

    /// <summary>As many rows of a table as texts have tokens, from a row on.</summary>
    protected string Rows(string table, string ids, long first = 0)
    {
        string length = Graph.Node("Slice", [Graph.Node("Shape", [ids]), Graph.Constant("1", 1L), Graph.Constant("2", 2L)]);                 // (1): T
        string end = first == 0 ? length : Graph.Node("Add", [length, Graph.Constant($"{first}", first)]);
        return Graph.Node("Slice", [table, Graph.Constant($"{first}", first), end, Graph.Constant("0", 0L)]);
    }

    /// <summary>The position that is seen, less that which sees, [T, T] int64.</summary>
    protected string Distances(string ids)
    {
        string positions = Rows(Graph.Constant("every.position", [.. Enumerable.Range(0, longest).Select(at => (long)at)]), ids);
        return Graph.Node("Sub",
            [Graph.Node("Unsqueeze", [positions, Graph.Constant("0", 0L)]), Graph.Node("Unsqueeze", [positions, Graph.Constant("1", 1L)])]);
    }

    /// <summary>What is added to the scores of positions further off than a window allows, [T, T].</summary>
    protected string Outside(string distances, int window)
    {
        string far = Graph.Node("Greater", [Graph.Node("Abs", [distances]), Graph.Constant("window", (long)window)]);
        return Graph.Node("Mul", [Graph.Node("Cast", [far], ("to", (long)OnnxType.Float)), Graph.Scalar("hidden", Hidden)]);
    }

    /// <summary>Heads of [N, T, width]: [N, heads, T, head] or, turned, [N, heads, head, T].</summary>
    protected string Heads(string x, bool turned = false) => Graph.Node(
        "Transpose", [Graph.Node("Reshape", [x, Graph.Constant("split", 0L, 0L, heads, HeadWidth)])], ("perm", turned
            ? new long[] { 0, 2, 3, 1 }
            : new long[] { 0, 2, 1, 3 }));

    /// <summary>Attention of heads, joined to [N, T, width].</summary>
    /// <param name="query">[N, heads, T, head].</param>
    /// <param name="key">[N, heads, head, T].</param>
    /// <param name="value">[N, heads, T, head].</param>
    /// <param name="bias">What is added to the scores.</param>
    protected string Attend(string query, string key, string value, string bias)
    {
        string scaled = Graph.Node("Mul", [query, Graph.Scalar("scale", 1 / (float)Math.Sqrt(HeadWidth))]);
        string scores = Graph.Node("Add", [Graph.Node("MatMul", [scaled, key]), bias]);                                                     // (N, heads, T, T)
        string y = Graph.Node("MatMul", [Graph.Node("Softmax", [scores], ("axis", -1L)), value]);
        return Graph.Node("Reshape", [Graph.Node("Transpose", [y], ("perm", new long[] { 0, 2, 1, 3 })), Graph.Constant("join", 0L, 0L, width)]);
    }

    /// <summary>Features [N, width] of hidden states [N, T, width].</summary>
    protected string Pool(string x, string ids, string mask, Pooling pooling)
    {
        if (pooling == Pooling.First)
        {
            return Graph.Node("Squeeze", [Graph.Node("Slice", [x, Graph.Constant("0", 0L), Graph.Constant("1", 1L), Graph.Constant("1", 1L)]),
                Graph.Constant("1", 1L)]);
        }

        string Sum(string values) => Graph.Node("ReduceSum", [values, Graph.Constant("1", 1L)], ("keepdims", 0L));
        string Weighted(string weights) => Sum(Graph.Node("Mul", [x, weights]));
        if (pooling == Pooling.Last)
        {
            string last =
                Graph.Node("Sub",
                    [Graph.Node("Cast", [Graph.Node("ReduceSum", [mask, Graph.Constant("1", 1L)], ("keepdims", 1L))], ("to", (long)OnnxType.Int64)),
                        Graph.Constant("1", 1L)]);
            string isLast = Graph.Node("Equal", [Rows(Graph.Constant("every.position", [.. Enumerable.Range(0, longest).Select(at => (long)at)]), ids), last]);
            return Weighted(Graph.Node("Unsqueeze", [Graph.Node("Cast", [isLast], ("to", (long)OnnxType.Float)), Graph.Constant("2", 2L)]));
        }

        string tokens = Graph.Node("Unsqueeze", [mask, Graph.Constant("2", 2L)]);                                                           // (N, T, 1)
        return Graph.Node("Div", [Weighted(tokens), Sum(tokens)]);
    }
}
