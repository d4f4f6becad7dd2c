using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Pipelines;

/// <summary>Nodes that are put in front of a graph, in their order; every value is named by the part, its operator and its number.</summary>
internal sealed class GraphPart(string name)
{
    private readonly List<NodeProto> _nodes = [];
    private readonly List<TensorProto> _constants = [];

    /// <summary>Adds a node of one output, and names that.</summary>
    public string Node(string op, string[] inputs, params (string Name, long Value)[] attributes)
    {
        string output = $"{name}.{op}_{_nodes.Count}";
        NodeProto node = new() { OpType = op, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(
            attributes.Select(item => new AttributeProto { Name = item.Name, Type = AttributeProto.Types.AttributeType.Int, I = item.Value }));
        _nodes.Add(node);
        return output;
    }

    /// <summary>Swaps axes.</summary>
    public string Transpose(string value, params long[] axes)
    {
        string output = Node("Transpose", [value]);
        AttributeProto order = new() { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints };
        order.Ints.AddRange(axes);
        _nodes[^1].Attribute.Add(order);
        return output;
    }

    /// <summary>Another type of the same values.</summary>
    public string Cast(string value, OnnxType type) => Node("Cast", [value], ("to", (long)type));

    /// <summary>A float32 constant.</summary>
    public string Floats(float[] values, params long[] shape) => Constant(OnnxType.Float, MemoryMarshal.AsBytes<float>(values), shape);

    /// <summary>A float32 number.</summary>
    public string Float(float value) => Floats([value]);

    /// <summary>An int64 number.</summary>
    public string Integer(long value) => Constant(OnnxType.Int64, MemoryMarshal.AsBytes<long>([value]), []);

    /// <summary>A list of int64 numbers.</summary>
    public string Integers(params long[] values) => Constant(OnnxType.Int64, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    /// <summary>Puts the nodes in front of those of a graph; the last value gets a name of the graph's.</summary>
    public void PutBefore(GraphProto graph, string value, string asInput)
    {
        _nodes.Add(new NodeProto { OpType = "Identity", Name = asInput, Input = { value }, Output = { asInput } });
        NodeProto[] rest = [.. graph.Node];
        graph.Node.Clear();
        graph.Node.AddRange([.. _nodes, .. rest]);
        graph.Initializer.AddRange(_constants);
    }

    private string Constant(OnnxType type, ReadOnlySpan<byte> bytes, long[] shape)
    {
        TensorProto tensor = new() { Name = $"{name}.constant_{_constants.Count}", DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape);
        _constants.Add(tensor);
        return tensor.Name;
    }
}
