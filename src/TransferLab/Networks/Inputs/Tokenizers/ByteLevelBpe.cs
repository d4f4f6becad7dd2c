using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>Byte-level byte-pair encoding from its parts: a vocabulary, merges, and the family's way of cutting a text.</summary>
internal sealed record ByteLevelBpe
{
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    public required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    /// <summary>One of <see cref="PreTokenizers"/>.</summary>
    public required string PreTokenizer { get; init; }

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    public string Normalizer { get; init; } = "null";

    public IReadOnlyList<AddedToken> Prefix { get; init; } = [];

    public IReadOnlyList<AddedToken> Suffix { get; init; } = [];

    /// <summary>Whether a word that the vocabulary holds whole is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Unicode's canonical composition first.</summary>
    public const string Nfc = """{"type":"NFC"}""";

    /// <summary>The pairs of a <c>merges.txt</c>.</summary>
    /// <exception cref="TokenizerException">A line is no pair.</exception>
    public static List<(string Left, string Right)> ReadMerges(IEnumerable<string> lines, string origin)
    {
        List<(string, string)> merges = [];
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string pair = line.TrimEnd('\r');
            if (pair.Length == 0 || (number == 1 && pair.StartsWith("#version", StringComparison.Ordinal)))
            {
                continue;
            }

            int space = pair.IndexOf(' ', 1);
            if (space < 1 || space == pair.Length - 1 || pair.IndexOf(' ', space + 1) >= 0)
            {
                throw new TokenizerException($"{origin}: merge {number} is no pair of tokens with a space between.");
            }

            merges.Add((pair[..space], pair[(space + 1)..]));
        }

        return merges;
    }

    /// <summary>The tokens of a <c>vocab.json</c>.</summary>
    /// <exception cref="TokenizerException">It does not map tokens to numbers.</exception>
    public static Dictionary<string, int> ReadVocabulary(ReadOnlyMemory<byte> json, string origin)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                vocabulary[entry.Name] = entry.Value.GetInt32();
            }

            return vocabulary;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new TokenizerException($"{origin}: it does not map tokens to numbers ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }

    /// <summary>Whether digits were split before the vocabulary was learnt: then no token joins a digit to anything.</summary>
    public static bool SplitsDigits(IEnumerable<string> tokens) =>
        !tokens.Any(token => token.Length > 1 && !token.StartsWith('<') && token.Any(char.IsAsciiDigit));

    public byte[] ToJson() => new TokenizerParts
    {
        Added = Added,
        Normalizer = Normalizer,
        PreTokenizer = PreTokenizer,
        Decoder = TokenizerParts.ByteLevelDecoder,
        Prefix = Prefix,
        Suffix = Suffix,
        Model = writer => TokenizerParts.WriteBpe(writer, Vocabulary, Merges, unknown: null, byteFallback: false, IgnoreMerges),
    }.ToJson();
}
