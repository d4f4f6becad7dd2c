using System.Text.Encodings.Web;
using System.Text.Json;
using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>Where a file of conversations comes from, kept beside it: <c>faq.jsonl</c> has <c>faq.card.json</c>.</summary>
/// <param name="Source">The file, folder or database that it was made from.</param>
/// <param name="License">What the source may be used for; <see cref="Unknown"/> where nobody said.</param>
public sealed record ChatCard(string Source, string License)
{
    /// <summary>A licence that nobody told.</summary>
    public const string Unknown = "unknown";

    private const int MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase
    };

    /// <summary>Conversations in the file when it was made.</summary>
    public int Conversations { get; init; }

    /// <summary>What of the source was left out, and why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The card's place beside a file.</summary>
    public static string PathBeside(string path) => Path.ChangeExtension(path, ".card.json");

    /// <summary>Reads the card beside a file.</summary>
    /// <param name="path">The file of conversations.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="DataException">It cannot be read, or is no card.</exception>
    public static ChatCard? Read(string path)
    {
        string card = PathBeside(path);
        try
        {
            return !File.Exists(card) ? null
                : new FileInfo(card).Length > MostBytes
                    ? throw new DataException($"{card} is larger than a card can be; remove it, or write source and license alone.")
                : JsonSerializer.Deserialize<ChatCard>(File.ReadAllText(card), s_options) is { Source: not null, License: not null } read ? read
                : throw new DataException($"{card} is no card; write source and license, or remove it.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{card} cannot be read ({e.Message.Split(". ", 2)[0]}); mend or remove it.", e);
        }
    }

    /// <summary>Writes the card beside a file, whole or not at all.</summary>
    /// <exception cref="IOException">The place cannot be written to.</exception>
    public void Write(string path) => WholeFile.Write(PathBeside(path), stream => JsonSerializer.Serialize(stream, this, s_options));
}
