using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Networks.Weights;

/// <summary>The constants of an ONNX file, by name, and its nodes in order. Only data is read; nothing is executed.</summary>
internal sealed class OnnxWeights
{
    private readonly string _path;
    private readonly Dictionary<string, TensorProto> _initializers;

    private OnnxWeights(string path, GraphProto graph)
    {
        _path = path;
        Nodes = graph.Node;
        _initializers = [];
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (!_initializers.TryAdd(tensor.Name, tensor))
            {
                throw new WeightsException($"{path}: the constant '{tensor.Name}' occurs twice; get the file again.");
            }
        }
    }

    /// <summary>The nodes in the file's order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>Parses a file.</summary>
    /// <exception cref="WeightsException">It is missing, truncated or no ONNX model.</exception>
    public static OnnxWeights Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path}: {ReadFault.Of(path, e)}.", e);
        }
    }

    /// <summary>Parses a model.</summary>
    /// <exception cref="WeightsException">It is truncated or no ONNX model.</exception>
    public static OnnxWeights Read(Stream stream, string name)
    {
        try
        {
            ModelProto model = ModelProto.Parser.ParseFrom(stream);
            return new(name, model.Graph ?? throw new WeightsException($"{name}: not an ONNX model (it holds no graph); get the file again."));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WeightsException($"{name}: not an ONNX model, or truncated ({e.Message}); get the file again.", e);
        }
    }

    /// <summary>Whether there is a constant of that name.</summary>
    public bool Has(string name) => _initializers.ContainsKey(name);

    /// <summary>The values of a float32 constant, whose shape must be as expected.</summary>
    public float[] Floats(string name, ReadOnlySpan<long> shape)
    {
        if (!_initializers.TryGetValue(name, out TensorProto? tensor))
        {
            throw new WeightsException($"{_path}: the constant '{name}' is missing; get the file again.");
        }

        if (!shape.SequenceEqual(tensor.Dims.ToArray()))
        {
            throw new WeightsException(
                $"{_path}: the constant '{name}' has the shape [{string.Join(", ", tensor.Dims)}], expected [{string.Join(", ", shape.ToArray())}].");
        }

        float[] values = tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        return tensor.DataType == (int)TensorProto.Types.DataType.Float && values.LongLength == count
            ? values
            : throw new WeightsException($"{_path}: the constant '{name}' does not hold {count} float32 values; get the file again.");
    }
}
