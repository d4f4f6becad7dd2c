using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using TransferLab.Inference;
using TransferLab.Models;
using TransferLab.Networks;
using Dimension = Onnx.TensorShapeProto.Types.Dimension;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Pipelines;

/// <summary>
/// An exported network (inputs <c>image</c>, or <c>input_ids</c> and <c>attention_mask</c>; output <c>probabilities</c> [N, classes]), changed
/// to fit into an ML.NET pipeline, which gives it one row at a time in columns of a known length.
/// </summary>
internal sealed class PipelineGraph
{
    private const string ExportedImage = "image", ExportedTokens = "input_ids", ExportedMask = "attention_mask", ExportedOutput = "probabilities",
        HeadWeight = "head.weight";
    private const long Unknown = -1;
    private readonly ModelProto _model;
    private int _first;

    private PipelineGraph(ModelProto model) => _model = model;

    private GraphProto Graph => _model.Graph;

    /// <summary>The file's bytes of a network from <see cref="Columns.Pixels"/> or <see cref="Columns.Tokens"/> to
    /// <see cref="Columns.Probabilities"/>.</summary>
    /// <param name="model">The model, which stays the caller's.</param>
    /// <param name="ownPixels">Whether images are prepared as the library reads files (<see cref="ImagePreparation"/>), from the columns that
    /// <see cref="PipelineSteps.OwnPixels"/> adds.</param>
    public static byte[] ForLabels(TrainedModel model, bool ownPixels = false)
    {
        PipelineGraph graph = new(Export(model));
        graph.FitInput(model.Kind, ownPixels, (model.Encoder as ImageEncoder)?.PreparedSize);
        graph.FitOutput(ExportedOutput, Columns.Probabilities, model.Classes.Count);
        graph.NameSlots(Columns.Probabilities, model.Classes);
        return graph._model.ToByteArray();
    }

    /// <summary>The same up to the last layer of a backbone, without a head, to <see cref="Columns.Features"/>.</summary>
    public static byte[] ForFeatures(TrainedModel model, int width, bool ownPixels = false)
    {
        PipelineGraph graph = new(Export(model));
        NodeProto head = graph.Graph.Node.Single(node => node.Input.Contains(HeadWeight));
        graph.FitInput(model.Kind, ownPixels, (model.Encoder as ImageEncoder)?.PreparedSize);
        graph.FitOutput(head.Input[0], Columns.Features, width);
        return graph._model.ToByteArray();
    }

    /// <summary>What a network of images would be given, as planes [3, size, size] in <see cref="Columns.Probabilities"/>: to see the preparation
    /// alone.</summary>
    public static byte[] ForPixels(int size)
    {
        PipelineGraph graph = new(new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "pixels" } });
        graph._model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        Declare(graph.Graph.Input, ExportedImage, OnnxType.Float, [1, 3, size, size]);
        graph.FitInput("image", ownPixels: true);
        graph.FitOutput(ExportedImage, Columns.Probabilities, 3 * size * size);
        return graph._model.ToByteArray();
    }

    /// <summary>Scores of a trainer of ML.NET's, <see cref="Columns.Scores"/>, as probabilities: they are divided by their sum where none is negative,
    /// otherwise exponents.</summary>
    public static byte[] ForScores(IReadOnlyList<string> classes)
    {
        PipelineGraph graph = new(new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "scores" } });
        graph._model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        GraphPart part = new("scores");
        string sum = part.Node("ReduceSum", [Columns.Scores]);
        string isShare =
            part.Node("And",
                [part.Node("GreaterOrEqual", [part.Node("ReduceMin", [Columns.Scores]), part.Float(0)]), part.Node("Greater", [sum, part.Float(0)])]);
        string shares = part.Node("Where", [isShare, part.Node("Div", [Columns.Scores, sum]), part.Node("Softmax", [Columns.Scores], ("axis", 1))]);
        part.PutBefore(graph.Graph, shares, ExportedOutput);
        Declare(graph.Graph.Input, Columns.Scores, OnnxType.Float, [1, classes.Count]);
        graph.FitOutput(ExportedOutput, Columns.Probabilities, classes.Count);
        graph.NameSlots(Columns.Probabilities, classes);
        return graph._model.ToByteArray();
    }

    private static ModelProto Export(TrainedModel model)
    {
        string path = Path.Combine(Path.GetTempPath(), $"transferlab-{Guid.NewGuid():N}.onnx");
        try
        {
            if (model is MLNetHeadModel head)
            {
                head.ExportNetwork(path);
            }
            else
            {
                model.ExportOnnx(path);
            }

            return ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private long[] ImageShape() => [.. Graph.Input.Single(input => input.Name == ExportedImage).Type.TensorType.Shape.Dim.Select(size => size.DimValue)];

    private void PrepareImages(int? prepared)
    {
        int shown = (int)ImageShape()[^1], size = prepared ?? shown, wide = ImagePreparation.Widening * size;
        Graph.Input.Clear();
        Declare(Graph.Input, Columns.File, OnnxType.Uint8, [1, Unknown]);
        Declare(Graph.Input, Columns.WidePixels, OnnxType.Uint8, [1, 4, wide, wide]);
        Declare(Graph.Input, Columns.Pixels, OnnxType.Uint8, [1, 4, size, size]);
        ImagePreparation.PutBefore(Graph, size, shown, Columns.File, Columns.WidePixels, Columns.Pixels, ExportedImage);
    }

    private void FitInput(string kind, bool ownPixels, int? prepared = null)
    {
        if (ownPixels)
        {
            PrepareImages(prepared);
            return;
        }

        long[] image = kind == "image" ? ImageShape() : [];
        Graph.Input.Clear();
        if (kind == "image")
        {
            Declare(Graph.Input, Columns.Pixels, OnnxType.Float, [1, .. image[1..]]);
            Prepend("Identity", [Columns.Pixels], ExportedImage);
            return;
        }

        // Behind a text's last token stand ids of -1: the network sees none of them, so a short text costs no more than it must.
        Declare(Graph.Input, Columns.Tokens, OnnxType.Int64, [1, TextTokens.Width]);
        string zero = Integers("pipeline.zero", 0), tokens = Integers("pipeline.axis", 1);
        Prepend("GreaterOrEqual", [Columns.Tokens, zero], "pipeline.is_token");
        Prepend("Cast", ["pipeline.is_token"], "pipeline.mask", ("to", (long)OnnxType.Int64));
        Prepend("ReduceSum", ["pipeline.mask", tokens], "pipeline.length", ("keepdims", 0L));                    // (1)
        Prepend("Slice", [Columns.Tokens, zero, "pipeline.length", tokens], ExportedTokens);                   // (1, T)
        Prepend("Slice", ["pipeline.mask", zero, "pipeline.length", tokens], ExportedMask);
    }

    /// <summary>Gives a value of [1, width] as [width]: a batch's axis does not pass the next step's schema.</summary>
    private void FitOutput(string value, string column, int width)
    {
        Graph.Output.Clear();
        Graph.Node.Add(Node("Reshape", [value, Integers("pipeline.width", width)], column));
        Declare(Graph.Output, column, OnnxType.Float, [width]);
        Prune();
    }

    /// <summary>ML.NET takes a vector's slot names from a node of this name, which the network does not run.</summary>
    private void NameSlots(string column, IReadOnlyList<string> names)
    {
        NodeProto node = new()
        {
            OpType = "LabelEncoder",
            Domain = "ai.onnx.ml",
            Name = $"mlnet.{column}.SlotNames",
            Input = { "pipeline.slot" },
            Output = { "pipeline.slots" },
        };
        AttributeProto keys = new() { Name = "keys_strings", Type = AttributeProto.Types.AttributeType.Strings };
        AttributeProto values = new() { Name = "values_int64s", Type = AttributeProto.Types.AttributeType.Ints };
        keys.Strings.AddRange(names.Select(ByteString.CopyFromUtf8));
        values.Ints.AddRange(Enumerable.Range(0, names.Count).Select(i => (long)i));
        node.Attribute.Add([keys, values]);
        Graph.Node.Add(node);
        Graph.Initializer.Add(new TensorProto { Name = "pipeline.slot", DataType = (int)OnnxType.String, Dims = { 1 }, StringData = { ByteString.Empty } });
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
    }

    /// <summary>Removes what no output needs: ONNX Runtime would warn of it at every load.</summary>
    private void Prune()
    {
        HashSet<string> needed = [.. Graph.Output.Select(output => output.Name)];
        List<NodeProto> kept = [];
        foreach (NodeProto node in Graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains)))
        {
            kept.Add(node);
            needed.UnionWith(node.Input);
        }

        kept.Reverse();
        TensorProto[] constants = [.. Graph.Initializer.Where(constant => needed.Contains(constant.Name))];
        Graph.Node.Clear();
        Graph.Node.AddRange(kept);
        Graph.Initializer.Clear();
        Graph.Initializer.AddRange(constants);
    }

    private void Prepend(string op, IEnumerable<string> inputs, string output, params (string Name, long Value)[] attributes) =>
        Graph.Node.Insert(_first++, Node(op, inputs, output, attributes));

    private static NodeProto Node(string op, IEnumerable<string> inputs, string output, params (string Name, long Value)[] attributes)
    {
        NodeProto node = new() { OpType = op, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(
            attributes.Select(item => new AttributeProto { Name = item.Name, Type = AttributeProto.Types.AttributeType.Int, I = item.Value }));
        return node;
    }

    private string Integers(string name, params long[] values)
    {
        Graph.Initializer.Add(
            new TensorProto
            {
                Name = name,
                DataType = (int)OnnxType.Int64,
                Dims = { values.Length },
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values))
            });
        return name;
    }

    private static void Declare(ICollection<ValueInfoProto> list, string name, OnnxType type, long[] shape)
    {
        TensorShapeProto sizes = new();
        sizes.Dim.AddRange(shape.Select(size => size == Unknown ? new Dimension { DimParam = "length" } : new Dimension { DimValue = size }));
        list.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = sizes } } });
    }
}
