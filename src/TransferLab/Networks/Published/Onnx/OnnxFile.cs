using Google.Protobuf;
using Onnx;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>An ONNX file as one of weights: its graph's inputs and outputs, and its constants by name and shape. Only data is read; ONNX Runtime runs
/// it.</summary>
internal sealed class OnnxFile : IWeightFile
{
    private const long MostBytes = int.MaxValue;
    private static readonly string Snapshots = $"{System.IO.Path.DirectorySeparatorChar}snapshots{System.IO.Path.DirectorySeparatorChar}";
    private static readonly string[] s_usual = ["model.onnx", System.IO.Path.Combine("onnx", "model.onnx")];
    private readonly ModelProto _model;

    private OnnxFile(string path, ModelProto model)
    {
        (Path, _model) = (path, model);
        Dictionary<string, TensorEntry> tensors = [];
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            if (tensor.Dims.Any(size => size < 0))
            {
                throw new WeightsException($"{path}: the constant '{tensor.Name}' has the shape [{string.Join(", ", tensor.Dims)}]; no size is negative.");
            }

            tensors[tensor.Name] = new(tensor.Name, TypeName(tensor.DataType), [.. tensor.Dims]);
        }

        Tensors = tensors;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public string Format => $"ONNX, operator set {_model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0}";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut =>
        [.. Inputs.Select(input => $"input {Shown(input)}"), .. _model.Graph.Output.Select(output => $"output {Shown(output)}"),
            $"{_model.Graph.Node.Count} nodes"];

    /// <summary>What must be fed.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs => [.. _model.Graph.Input.Where(input => !Tensors.ContainsKey(input.Name))];

    /// <summary>Files beside it that hold weights.</summary>
    public IReadOnlyList<string> External { get; private init; } = [];

    /// <summary>The folder that those files are in, links followed: the hub's cache keeps them apart from the names that they go by.</summary>
    public string ExternalFolder => External is [var first, ..] ? Folder(Target(first)) : Folder(Path);

    /// <summary>Whether a path names one.</summary>
    public static bool IsOnnx(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && File.Exists(path);

    /// <summary>The ONNX file of a folder in the hub's layout: <c>model.onnx</c>, beside the configuration or in <c>onnx/</c>; null where there is
    /// none.</summary>
    public static string? InFolder(string folder) => s_usual.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightsException">It is no ONNX model, truncated, or its weights are to come from outside of its folder.</exception>
    public static OnnxFile Open(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
            {
                throw new WeightsException($"{path}: an ONNX file has at most 2 GB; larger models keep their weights in a file beside.");
            }

            ModelProto model = ModelProto.Parser.ParseFrom(stream);
            if (model.Graph is null || model.Graph.Node.Count == 0)
            {
                throw new WeightsException($"{path}: not an ONNX model (it holds no graph); get the file again.");
            }

            return new(path, model) { External = [.. ExternalFiles(path, model).Distinct()] };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WeightsException($"{path}: not an ONNX model, or truncated ({e.Message.Split('\n')[0]}); get the file again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path}: {ReadFault.Of(path, e)}.", e);
        }
    }

    /// <summary>The output that is wanted: the only one, the one named, which may be any value inside the graph, or the first of the usual ones that is
    /// there.</summary>
    /// <exception cref="WeightsException">There are several and none is named, or none of that name.</exception>
    public string ChooseOutput(string? named, IReadOnlyList<string> usual)
    {
        string[] outputs = [.. _model.Graph.Output.Select(output => output.Name)];
        if (named is null)
        {
            return outputs is [var single] ? single : usual.FirstOrDefault(outputs.Contains)
                ?? throw new WeightsException(
                    $"{Path}: has several outputs; name the features by option OnnxOutput: {string.Join(", ", _model.Graph.Output.Select(Shown))}.");
        }

        string[] inside = [.. _model.Graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0)];
        return outputs.Contains(named) || inside.Contains(named) ? named
            : throw new WeightsException(
                $"{Path}: has no value '{named}'; its outputs are {string.Join(", ", outputs)}, and the last inside "
                    + $"{string.Join(", ", inside.Except(outputs).TakeLast(5))}.");
    }

    /// <summary>The model with a value as its only output.</summary>
    public byte[] WithOutput(string name)
    {
        ModelProto one = _model.Clone();
        foreach (StringStringEntryProto place in one.Graph.Initializer.Where(IsExternal).SelectMany(tensor => tensor.ExternalData)
            .Where(entry => entry.Key == "location"))
        {
            place.Value = System.IO.Path.GetFileName(Target(System.IO.Path.Combine(Folder(Path), place.Value)));
        }

        ValueInfoProto wanted = one.Graph.Output.FirstOrDefault(output => output.Name == name) ?? new() { Name = name };
        one.Graph.Output.Clear();
        one.Graph.Output.Add(wanted);
        return one.ToByteArray();
    }

    /// <inheritdoc/>
    public Tensor Read(string name) => throw new WeightsException($"{Path}: the constants of an ONNX file are no weights of a network here; it runs as it is.");

    /// <inheritdoc/>
    public float[] ReadFloats(string name) =>
        throw new WeightsException($"{Path}: the constants of an ONNX file are no weights of a network here; it runs as it is.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>A value's name, type and shape: <c>image: FLOAT [N, 3, 224, 224]</c>.</summary>
    public static string Shown(ValueInfoProto value) => value.Type?.TensorType is { } tensor
        ? $"{value.Name}: {(TensorProto.Types.DataType)tensor.ElemType} "
            + $"[{string.Join(", ", tensor.Shape?.Dim.Select(dim => dim.DimParam is { Length: > 0 } name ? name : dim.DimValue > 0 ? $"{dim.DimValue}" : "?") ?? [])}]"
        : value.Name;

    // A file may ask for weights from any path: only plain names in its own folder are followed.
    private static IEnumerable<string> ExternalFiles(string path, ModelProto model)
    {
        string folder = Folder(path);
        int cached = folder.IndexOf(Snapshots, StringComparison.Ordinal);
        string blobs = cached < 0 ? folder : System.IO.Path.Combine(folder[..cached], "blobs");
        string? before = null;
        foreach (TensorProto tensor in model.Graph.Initializer.Where(IsExternal))
        {
            string name = tensor.ExternalData.FirstOrDefault(entry => entry.Key == "location")?.Value ?? "";
            if (name.Length == 0 || name is "." or ".." || name != System.IO.Path.GetFileName(name) || name.Contains('\\', StringComparison.Ordinal))
            {
                throw new WeightsException($"{path}: '{tensor.Name}' is to come from '{name}', and weights are read from the file's own folder alone.");
            }

            string file = System.IO.Path.Combine(folder, name);
            if (!File.Exists(file))
            {
                throw new WeightsException($"{path}: its weights lie in {name}, which is not beside it; get that file too.");
            }

            string place = Folder(Target(file));
            if ((place != folder && place != blobs) || (before ??= place) != place)
            {
                throw new WeightsException($"{path}: {name} is a link to {place}, and weights are read from the file's own folder and the hub's cache alone.");
            }

            yield return file;
        }
    }

    private static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    private static string Folder(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

    private static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private static string TypeName(int type) => (TensorProto.Types.DataType)type switch
    {
        TensorProto.Types.DataType.Float => "F32",
        TensorProto.Types.DataType.Float16 => "F16",
        TensorProto.Types.DataType.Bfloat16 => "BF16",
        TensorProto.Types.DataType.Double => "F64",
        TensorProto.Types.DataType.Int64 => "I64",
        TensorProto.Types.DataType.Int32 => "I32",
        TensorProto.Types.DataType.Int8 => "I8",
        TensorProto.Types.DataType.Uint8 => "U8",
        TensorProto.Types.DataType.Bool => "BOOL",
        var other => other.ToString().ToUpperInvariant(),
    };
}
