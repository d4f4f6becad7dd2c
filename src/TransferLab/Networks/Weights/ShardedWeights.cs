using System.Text.Json;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// Weights in several files beside an index that says which tensor is where (<c>model.safetensors.index.json</c> of Hugging Face's folders, or of its older
/// PyTorch files). Index and files must agree to the tensor.
/// </summary>
internal sealed class ShardedWeights : IWeightFile
{
    private const int MaxIndex = 100_000_000;
    private const int MaxShards = 4096;
    private readonly Dictionary<string, IWeightFile> shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IWeightFile> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);

    private ShardedWeights(string path) => Path = path;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public string Format => $"{shards.Values.FirstOrDefault()?.Format ?? "nothing"} in {shards.Count} files";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => [.. shards.Values.SelectMany(shard => shard.LeftOut)];

    /// <summary>The files, by name.</summary>
    public IReadOnlyList<string> Files => [.. shards.OrderBy(shard => shard.Key, StringComparer.Ordinal).Select(shard => shard.Value.Path)];

    /// <summary>Opens an index and every file that it names.</summary>
    /// <exception cref="WeightsException">It is no index, a file is missing, or what it says does not agree with the files.</exception>
    public static ShardedWeights Open(string path)
    {
        ShardedWeights weights = new(path);
        try
        {
            weights.Add(ReadMap(path));
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name) => Shard(name).Read(name);

    /// <inheritdoc/>
    public float[] ReadFloats(string name) => Shard(name).ReadFloats(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in shards.Values)
        {
            shard.Dispose();
        }
    }

    private static Dictionary<string, string> ReadMap(string path)
    {
        byte[] json;
        using (var bytes = FileBytes.Open(path))
        {
            json = bytes.Length <= MaxIndex
                ? bytes.Head(MaxIndex)
                : throw new WeightsException($"{path}: has {bytes.Length} bytes; {MaxIndex} are the limit of an index");
        }

        Dictionary<string, string> map = new(StringComparer.Ordinal);
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 8 });
            bool found = false;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("weight_map"u8))
                {
                    reader.Skip();
                }
                else if (found)
                {
                    throw new WeightsException($"{path}: weight_map appears twice");
                }
                else
                {
                    found = true;
                    ReadNames(path, ref reader, map);
                }
            }

            reader.Read();
            return found
                ? map
                : throw new WeightsException($"{path}: is JSON without a weight_map, no index of weights; name the file of weights itself, or its folder");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new WeightsException($"{path}: is no valid JSON in UTF-8 ({e.Message.Split('\n')[0]})", e);
        }
    }

    private static void ReadNames(string path, ref Utf8JsonReader reader, Dictionary<string, string> map)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new WeightsException($"{path}: weight_map is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            string file = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            if (file.Length == 0 || file != System.IO.Path.GetFileName(file) || file.Contains('\\') || file.Contains(':') || file is "." or ".."
                || file.Contains('\0'))
            {
                throw new WeightsException($"{path}: tensor '{name}': '{file}' is not the name of a file beside the index");
            }

            if (!map.TryAdd(name, file))
            {
                throw new WeightsException($"{path}: tensor '{name}' appears twice");
            }
        }
    }

    private void Add(Dictionary<string, string> map)
    {
        string folder = System.IO.Path.GetDirectoryName(Path) ?? "";
        foreach (string file in map.Values.Distinct(StringComparer.Ordinal))
        {
            if (shards.Count == MaxShards)
            {
                throw new WeightsException($"{Path}: names more than {MaxShards} files");
            }

            string path = System.IO.Path.Combine(folder, file);
            shards.Add(file, File.Exists(path)
                ? OpenShard(path)
                : throw new WeightsException($"{Path}: names '{file}', which is not beside it; get that file too"));
        }

        foreach (var (name, file) in map)
        {
            tensors.Add(name, shards[file].Tensors.TryGetValue(name, out var entry)
                ? entry
                : throw new WeightsException($"{Path}: '{file}' does not hold tensor '{name}'"));
            places.Add(name, shards[file]);
        }

        foreach (var (file, shard) in shards)
        {
            if (shard.Tensors.Keys.FirstOrDefault(name => places.GetValueOrDefault(name) != shard) is { } extra)
            {
                throw new WeightsException($"{Path}: '{file}' holds tensor '{extra}', which the index does not place there");
            }
        }
    }

    // An index that names an index would never end.
    private static IWeightFile OpenShard(string path)
    {
        return WeightFile.IsPyTorch(WeightFile.Head(path)) ? PyTorchFile.Open(path) : SafetensorsFile.Open(path);
    }

    private IWeightFile Shard(string name) => places.TryGetValue(name, out var shard) ? shard : throw new WeightsException($"{Path}: holds no tensor '{name}'");
}
