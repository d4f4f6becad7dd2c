using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Onnx;

/// <summary>Writes an ONNX graph node by node; every node's output is named by its operator and number.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The first operator set with LayerNormalization.</summary>
    private const int OperatorSet = 17;
    private const int IrVersion = 8;
    private const string Batch = "batch";
    private readonly GraphProto _graph = new() { Name = "transferlab" };
    private readonly HashSet<string> _constants = [];

    /// <summary>Declares an input whose first axis is the batch; a negative size is dynamic too.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params long[] shape) => Declare(_graph.Input, name, type, shape);

    /// <summary>Declares an output that a node gives under that name.</summary>
    public void Output(string name, string from, params long[] shape)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { from }, Output = { name } });
        Declare(_graph.Output, name, TensorProto.Types.DataType.Float, shape);
    }

    /// <summary>A float32 constant, once for every name.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>An int64 constant, once for every name.</summary>
    public string Constant(string name, params ReadOnlySpan<long> values) =>
        Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A float32 number.</summary>
    public string Scalar(string name, float value) => Constant(name, [value], []);

    /// <summary>Adds a node of one output, and names that.</summary>
    public string Node(string op, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        string output = $"{op}_{_graph.Node.Count}";
        NodeProto node = new() { OpType = op, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a node of several outputs, and names them.</summary>
    public string[] Nodes(string op, int outputs, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        string first = Node(op, inputs, attributes);
        string[] more = [.. Enumerable.Range(1, outputs - 1).Select(i => $"{first}_{i}")];
        _graph.Node[^1].Output.AddRange(more);
        return [first, .. more];
    }

    /// <summary>Stores large weights as int8; the graph is complete by then.</summary>
    public void Quantize() => OnnxQuantizer.Apply(_graph);

    /// <summary>The file's bytes.</summary>
    public byte[] Bytes(IReadOnlyDictionary<string, string> metadata)
    {
        ModelProto model = new() { IrVersion = IrVersion, ProducerName = "TransferLab", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        model.MetadataProps.AddRange(metadata.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item =>
            new StringStringEntryProto { Key = item.Key, Value = item.Value }));
        return model.ToByteArray();
    }

    private string Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        if (_constants.Add(name))
        {
            TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
            foreach (long size in shape)
            {
                tensor.Dims.Add(size);
            }

            _graph.Initializer.Add(tensor);
        }

        return name;
    }

    private static string Declare(ICollection<ValueInfoProto> list, string name, TensorProto.Types.DataType type, long[] shape)
    {
        TensorShapeProto dimensions = new();
        dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Batch });
        foreach (long size in shape)
        {
            dimensions.Dim.Add(size < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "length" }
                : new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        list.Add(
            new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } } });
        return name;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case long number:
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                attribute.I = number;
                break;
            case float number:
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                attribute.F = number;
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case string text:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            default:
                throw new ArgumentException($"No attribute of the type {value.GetType().Name}.", nameof(value));
        }

        return attribute;
    }

    /// <summary>A tensor's values as float32, in the order of its axes.</summary>
    public static float[] Floats(Tensor values)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return values.detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}
