using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Networks.Onnx;

/// <summary>
/// Turns the large weights of a graph into int8, one scale a channel, around zero. Matrix products run on integers, their left side quantized as it
/// arrives (dynamic quantization, Jacob et al. 2018, arXiv:1712.05877); convolutions and embeddings keep their arithmetic, and only store int8.
/// </summary>
internal sealed class OnnxQuantizer
{
    /// <summary>Products of unsigned and signed bytes are added in pairs to 16 bits on processors without integer dot products: half the range cannot overflow
    /// there.</summary>
    private const int ProductRange = 64;
    private const int StoredRange = 127;
    private const int LeastRows = 1000;
    private readonly GraphProto _graph;
    private readonly Dictionary<string, TensorProto> _weights;
    private readonly Dictionary<string, string[]> _quantizedInputs = [];
    private readonly HashSet<string> _replaced = [];
    private readonly List<NodeProto> _nodes = [];

    private OnnxQuantizer(GraphProto graph)
    {
        _graph = graph;
        _weights = graph.Initializer.Where(tensor => tensor.DataType == (int)OnnxType.Float).ToDictionary(tensor => tensor.Name);
    }

    /// <summary>Rewrites the graph in place.</summary>
    public static void Apply(GraphProto graph) => new OnnxQuantizer(graph).Rewrite();

    private void Rewrite()
    {
        foreach (NodeProto node in _graph.Node)
        {
            switch (node.OpType)
            {
                case "MatMul" when Weight(node.Input[1]) is { Dims.Count: 2 } weight:
                    MatMul(node, weight);
                    break;
                case "Conv" when Weight(node.Input[1]) is { } weight:
                    Convolution(node, weight);
                    break;
                case "Gather" when Weight(node.Input[0]) is { Dims: [>= LeastRows, _] } weight:
                    Gather(node, weight);
                    break;
                default:
                    _nodes.Add(node);
                    break;
            }
        }

        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
        foreach (TensorProto tensor in _graph.Initializer.Where(tensor => _replaced.Contains(tensor.Name)).ToArray())
        {
            _graph.Initializer.Remove(tensor);
        }
    }

    private TensorProto? Weight(string name) => _weights.GetValueOrDefault(name);

    /// <summary>x W = (xq - zero) Wq, times the scale of x, times the scale of each column.</summary>
    private void MatMul(NodeProto node, TensorProto weight)
    {
        (long rows, long columns) = (weight.Dims[0], weight.Dims[1]);
        string scales = Store(weight, ProductRange, groups: columns, inner: 1, outer: rows, [columns]);
        string x = node.Input[0], y = node.Output[0];
        if (!_quantizedInputs.TryGetValue(x, out string[]? quantized))
        {
            quantized = [$"{x}.int8", $"{x}.scale", $"{x}.zero"];
            Add("DynamicQuantizeLinear", [x], quantized);
            _quantizedInputs.Add(x, quantized); // Queries, keys and values share it.
        }

        Add("MatMulInteger", [quantized[0], weight.Name + ".int8", quantized[2]], [$"{y}.sums"]);
        NodeProto cast = Add("Cast", [$"{y}.sums"], [$"{y}.float"]);
        cast.Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)OnnxType.Float });
        Add("Mul", [quantized[1], scales], [$"{y}.scale"]);
        Add("Mul", [$"{y}.float", $"{y}.scale"], [y]);
    }

    private void Convolution(NodeProto node, TensorProto weight)
    {
        long channels = weight.Dims[0];
        string scales = Store(weight, StoredRange, groups: channels, inner: weight.Dims.Skip(1).Aggregate(1L, (a, b) => a * b), outer: 1, [channels]);
        string restored = weight.Name + ".float";
        NodeProto dequantize = Add("DequantizeLinear", [weight.Name + ".int8", scales], [restored]);
        dequantize.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        node.Input[1] = restored;
        _nodes.Add(node);
    }

    private void Gather(NodeProto node, TensorProto weight)
    {
        string scales = Store(weight, StoredRange, groups: weight.Dims[0], inner: weight.Dims[1], outer: 1, [weight.Dims[0], 1]);
        string y = node.Output[0];
        Add("Gather", [weight.Name + ".int8", node.Input[1]], [$"{y}.int8"]);
        NodeProto cast = Add("Cast", [$"{y}.int8"], [$"{y}.float"]);
        cast.Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)OnnxType.Float });
        Add("Gather", [scales, node.Input[1]], [$"{y}.scale"]);
        Add("Mul", [$"{y}.float", $"{y}.scale"], [y]);
    }

    /// <summary>Stores a weight [outer, groups, inner] as int8 with one scale a group, and names the scales.</summary>
    private string Store(TensorProto weight, int range, long groups, long inner, long outer, long[] shapeOfScales)
    {
        string scales = weight.Name + ".scale";
        if (!_replaced.Add(weight.Name))
        {
            return scales;
        }

        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        float[] scale = new float[groups];
        for (int i = 0; i < values.Length; i++)
        {
            long group = i / inner % groups;
            scale[group] = Math.Max(scale[group], Math.Abs(values[i]) / range);
        }

        sbyte[] stored = new sbyte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float step = scale[i / inner % groups];
            stored[i] = step > 0 ? (sbyte)Math.Clamp(MathF.Round(values[i] / step), -range, range) : (sbyte)0;
        }

        if (values.Length != outer * groups * inner)
        {
            throw new ArgumentException($"Weight '{weight.Name}' has {values.Length} values, not {outer} x {groups} x {inner}.", nameof(weight));
        }

        AddConstant(weight.Name + ".int8", OnnxType.Int8, MemoryMarshal.AsBytes<sbyte>(stored), weight.Dims);
        AddConstant(scales, OnnxType.Float, MemoryMarshal.AsBytes<float>(scale), shapeOfScales);
        return scales;
    }

    private void AddConstant(string name, OnnxType type, ReadOnlySpan<byte> bytes, IEnumerable<long> shape)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
    }

    private NodeProto Add(string op, string[] inputs, string[] outputs)
    {
        NodeProto node = new() { OpType = op, Name = outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        _nodes.Add(node);
        return node;
    }
}
