using System.Text.Json;
using TransferLab.Networks.Weights;

namespace TransferLab.Models;

/// <summary>What stands beside a tuned language model: what it was made from.</summary>
public sealed record LanguageModelCard
{
    /// <summary>Its name in a folder.</summary>
    public const string FileName = "card.json";

    private const int MostBytes = 1 << 20;
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where the base was: a file or a folder.</summary>
    public required string Base { get; init; }

    /// <summary>Its name.</summary>
    public required string BaseName { get; init; }

    /// <summary>SHA-256 (lower-case hex) of its file; empty where it has several.</summary>
    public string BaseSha256 { get; init; } = "";

    /// <summary>Its licence.</summary>
    public string BaseLicense { get; init; } = "not stated";

    /// <summary>The network in a few words.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The chat template; null where there is none.</summary>
    public string? Template { get; init; }

    /// <summary>How it was tuned; empty where it was not.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>What it was tuned on.</summary>
    public LanguageModelCardData? Data { get; init; }

    /// <summary>Writes it into a folder.</summary>
    internal void Write(string folder) => Runtime.WholeFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, s_json));

    /// <summary>Reads the card of a folder.</summary>
    /// <exception cref="WeightsException">There is none, or it is damaged.</exception>
    public static LanguageModelCard Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return new FileInfo(path).Length > MostBytes
                ? throw new WeightsException($"{path}: is larger than a card can be.")
                : JsonSerializer.Deserialize<LanguageModelCard>(File.ReadAllBytes(path), s_json) ?? throw new WeightsException($"{path}: is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new WeightsException($"{path}: cannot be read; name a folder that tuning wrote ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }
}
