using System.Text.Json;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Networks;

/// <summary>A JSON object that was published beside weights, such as <c>config.json</c>: read with bounds, and faults named by file and key.</summary>
internal sealed class PublishedConfig
{
    private const int MostBytes = 16 << 20, MostDepth = 32;
    private readonly JsonElement _object;

    private PublishedConfig(string file, JsonElement value) => (File, _object) = (file, value);

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    /// <summary>The keys that it has.</summary>
    public IEnumerable<string> Keys => _object.EnumerateObject().Select(property => property.Name);

    /// <summary>Reads a file.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="WeightsException">It is not a JSON object, or larger than any configuration.</exception>
    public static PublishedConfig? Read(string file)
    {
        if (!System.IO.File.Exists(file))
        {
            return null;
        }

        try
        {
            long length = new FileInfo(file).Length;
            return length <= MostBytes
                ? Parse(System.IO.File.ReadAllBytes(file), file)
                : throw new WeightsException($"{file}: {length} bytes are too many for a configuration.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{file}: {ReadFault.Of(file, e)}.", e);
        }
    }

    /// <summary>Reads text.</summary>
    /// <exception cref="WeightsException">It is not a JSON object.</exception>
    public static PublishedConfig Parse(ReadOnlyMemory<byte> json, string file)
    {
        ReadOnlyMemory<byte> text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        try
        {
            using var document = JsonDocument.Parse(text, new() { MaxDepth = MostDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(file, document.RootElement.Clone())
                : throw new WeightsException($"{file}: is not a JSON object but {document.RootElement.ValueKind}.");
        }
        catch (JsonException e)
        {
            throw new WeightsException($"{file}: is not JSON ({e.Message.Split(" Path:")[0]}).", e);
        }
    }

    /// <summary>Whether a key is there and not null.</summary>
    public bool Has(string key) => Value(key) is not null;

    /// <summary>A whole number.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="least">Smallest that is taken.</param>
    /// <param name="most">Largest that is taken: a bound for what is allocated.</param>
    /// <param name="otherwise">Where the key is missing or null; without it the key must be there.</param>
    public int Int(string key, int least = 1, int most = 1 << 20, int? otherwise = null) => Value(key) switch
    {
        null => otherwise ?? throw Missing(key),
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) && number >= least && number <= most => number,
        { } value => throw Wrong(key, $"a whole number from {least} to {most}", value),
    };

    /// <summary>A finite number.</summary>
    public double Number(string key, double? otherwise = null) => Value(key) switch
    {
        null => otherwise ?? throw Missing(key),
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        { } value => throw Wrong(key, "a number", value),
    };

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool otherwise) => Value(key) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
        { } value => throw Wrong(key, "true or false", value),
    };

    /// <summary>A text; null where the key is missing or null.</summary>
    public string? Text(string key) => Value(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Wrong(key, "a text", value),
    };

    /// <summary>A list of numbers; null where the key is missing or null.</summary>
    public IReadOnlyList<double>? Numbers(string key) => Value(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
            [.. value.EnumerateArray().Select(item => item.GetDouble())],
        { } value => throw Wrong(key, "a list of numbers", value),
    };

    /// <summary>A list of texts; empty where the key is missing or null.</summary>
    public IReadOnlyList<string> Texts(string key) => Value(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(item => item.GetString()!)],
        { } value => throw Wrong(key, "a list of texts", value),
    };

    /// <summary>An object inside; null where the key is missing or null.</summary>
    public PublishedConfig? Inner(string key) => Value(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new($"{File}, '{key}'", value),
        { } value => throw Wrong(key, "an object", value),
    };

    /// <summary>The value as it stands; null where the key is missing or null.</summary>
    public JsonElement? Value(string key) => _object.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private WeightsException Missing(string key) => new($"{File}: '{key}' is missing.");

    private WeightsException Wrong(string key, string expected, JsonElement found)
    {
        string text = found.GetRawText();
        return new($"{File}: '{key}' must be {expected}, and is {(text.Length > 40 ? text[..40] + "..." : text)}.");
    }
}
