using System.Text;
using System.Text.Json;

namespace TransferLab.Networks.Weights;

/// <summary>Reads the JSON header of a safetensors file and believes nothing of it (https://huggingface.co/docs/safetensors).</summary>
internal sealed class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";
    private const int MaxDimensions = 64;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
    private readonly string file;

    private SafetensorsHeader(string file) => this.file = file;

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <param name="file">Name for messages.</param>
    /// <param name="json">The header's bytes, padding included.</param>
    /// <param name="dataLength">Bytes of the file after the header.</param>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(file);
        try
        {
            StrictUtf8.GetCharCount(json);
            header.ReadObject(json);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new WeightsException($"{file}: the header is not valid JSON in UTF-8 ({e.Message.Split('\n')[0]})", e);
        }

        header.CheckLayout(dataLength);
        return header;
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != '{')
        {
            throw Error("the header does not begin with '{'");
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        reader.Read();
        bool hasMetadata = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == MetadataKey)
            {
                if (hasMetadata)
                {
                    throw Error($"{MetadataKey} appears twice");
                }

                hasMetadata = true;
                ReadMetadata(ref reader);
            }
            else if (!tensors.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw Error(name, "appears twice");
            }
        }

        reader.Read(); // Anything but spaces after the object throws.
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Error($"{MetadataKey} is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !metadata.TryAdd(key, reader.GetString()!))
            {
                throw Error($"{MetadataKey}: '{key}' is not a text or appears twice");
            }
        }
    }

    private TensorEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Error(name, "its entry is not an object");
        }

        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, field, MaxDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, field, 2);
                    break;
                default:
                    throw Error(name, $"'{field}' is unknown, appears twice or is of the wrong type");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
        {
            throw Error(name, "dtype, shape or the two data_offsets are missing");
        }

        return CheckEntry(new TensorEntry(name, type, shape) { Begin = begin, End = end });
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string field, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Error(name, $"{field} is not a list");
        }

        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0 || numbers.Count == most)
            {
                throw Error(name, $"{field} is not a list of at most {most} whole numbers from 0 to 2^63-1");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private TensorEntry CheckEntry(TensorEntry entry)
    {
        var type = TensorType.Find(entry.Type) ?? throw Error(entry.Name, $"its dtype '{entry.Type}' is not one of {TensorType.Names}");
        long bytes = type.Size;
        foreach (long size in entry.Shape)
        {
            // An empty dimension does not excuse the others: strides are computed from them.
            if (size > 0 && bytes > long.MaxValue / size)
            {
                throw Error(entry.Name, $"its shape [{string.Join(", ", entry.Shape)}] overflows");
            }

            bytes *= Math.Max(1, size);
        }

        bytes = entry.Shape.Contains(0) ? 0 : bytes;
        if (entry.Begin > entry.End || entry.End - entry.Begin != bytes)
        {
            throw Error(entry.Name, $"{entry} needs {bytes} bytes, but its data_offsets are [{entry.Begin}, {entry.End}]");
        }

        return entry;
    }

    // Sorted by place, each tensor must begin where the one before ends: no overlap, no hole, nothing after the last.
    private void CheckLayout(long dataLength)
    {
        long position = 0;
        foreach (var entry in tensors.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End > dataLength)
            {
                throw Error(entry.Name, $"it ends at byte {entry.End}, but the file holds {dataLength} bytes of data; it may be cut off");
            }

            if (entry.Begin != position)
            {
                throw Error(entry.Name,
                    $"it begins at byte {entry.Begin} where {position} is expected: "
                        + $"{(entry.Begin < position ? "overlapping another tensor" : "after a hole")}");
            }

            position = entry.End;
        }

        if (position != dataLength)
        {
            throw Error($"{dataLength - position} bytes after the last tensor belong to none");
        }
    }

    private WeightsException Error(string what) => new($"{file}: {what}");

    private WeightsException Error(string tensor, string what) => new($"{file}: tensor '{tensor}': {what}");
}
