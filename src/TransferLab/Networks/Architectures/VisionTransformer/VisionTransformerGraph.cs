using TransferLab.Networks.Onnx;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>A <see cref="VisionTransformer"/> as an ONNX graph, from pixels to the class token; positions are those of the encoder's size of images.</summary>
internal sealed class VisionTransformerGraph(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, VisionTransformerShape shape, ImageEncoder encoder)
    : ImageGraph(graph, state, encoder)
{
    /// <summary>Adds input <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, and the network.</summary>
    /// <returns>Name of the features [N, width].</returns>
    public string Add()
    {
        string x = Embeddings();
        for (int i = 0; i < shape.Layers; i++)
        {
            x = Layer(x, $"layers.{i}.");
        }

        string first = Graph.Node("Gather", [x, Graph.Constant("class", 0L)], ("axis", 1L));                            // (N, 1, width)
        return Graph.Node("Flatten", [LayerNorm(first, "norm", shape.Epsilon)], ("axis", 1L));
    }

    private string Embeddings()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        int grid = Size / shape.Patch;
        string maps = Convolution(Pixels(), "embeddings.patches", norm: null, shape.Patch, padding: 0);                 // (N, width, h, w)
        string tokens = Graph.Node("Transpose", [Graph.Node("Reshape", [maps, Graph.Constant("tokens", 0L, shape.Width, grid * grid)])],
            ("perm", new long[] { 0, 2, 1 }));
        (Tensor? ofClass, Tensor ofPatches) = PatchEmbeddings.Positions(State["embeddings.positions"].detach().cpu(), shape, grid, grid);
        string patches = Graph.Node("Add", [tokens, Graph.Constant("positions", OnnxGraph.Floats(ofPatches), ofPatches.shape)]);
        Tensor first = State["embeddings.class_token"].detach().cpu();
        first = ofClass is null ? first : first.Plus(ofClass);
        List<string> parts = [ForEach(tokens, Graph.Constant("class_token", OnnxGraph.Floats(first), first.shape))];
        if (shape.Registers > 0)
        {
            parts.Add(ForEach(tokens, Weight("embeddings.registers")));
        }

        string x = Graph.Node("Concat", [.. parts, patches], ("axis", 1L));
        return shape.InputNorm ? LayerNorm(x, "embeddings.norm", shape.Epsilon) : x;
    }

    /// <summary>A constant [1, tokens, width] once for every image.</summary>
    private string ForEach(string tokens, string constant)
    {
        string images = Graph.Node("Slice", [Graph.Node("Shape", [tokens]), Graph.Constant("0", 0L), Graph.Constant("1", 1L)]);
        return Graph.Node("Expand", [constant, Graph.Node("Concat", [images, Graph.Constant("1.1", 1L, 1L)], ("axis", 0L))]);
    }

    private string Layer(string x, string prefix)
    {
        string attended = Scaled(Dense(Attention(LayerNorm(x, prefix + "norm1", shape.Epsilon), prefix), prefix + "output"), prefix + "scale1");
        x = Graph.Node("Add", [attended, x]);
        string wide = Activate(Dense(LayerNorm(x, prefix + "norm2", shape.Epsilon), prefix + "up"), shape.Activation);
        return Graph.Node("Add", [Scaled(Dense(wide, prefix + "down"), prefix + "scale2"), x]);
    }

    private string Scaled(string x, string scale) => shape.LayerScale ? Graph.Node("Mul", [x, Weight(scale)]) : x;

    private string Attention(string x, string prefix)
    {
        long width = shape.Width / shape.Heads;
        string split = Graph.Constant("split", 0L, 0L, shape.Heads, width), join = Graph.Constant("join", 0L, 0L, shape.Width);
        string Heads(string name, params long[] order) => Graph.Node("Transpose", [Graph.Node("Reshape", [Dense(x, prefix + name), split])], ("perm", order));
        string query = Graph.Node("Mul", [Heads("query", 0, 2, 1, 3), Graph.Scalar("scale", 1 / (float)Math.Sqrt(width))]);
        string scores = Graph.Node("MatMul", [query, Heads("key", 0, 2, 3, 1)]);                                        // (N, heads, T, T)
        string y = Graph.Node("MatMul", [Graph.Node("Softmax", [scores], ("axis", -1L)), Heads("value", 0, 2, 1, 3)]);  // (N, heads, T, width)
        return Graph.Node("Reshape", [Graph.Node("Transpose", [y], ("perm", new long[] { 0, 2, 1, 3 })), join]);
    }
}
