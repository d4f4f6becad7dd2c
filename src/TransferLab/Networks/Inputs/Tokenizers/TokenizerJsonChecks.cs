using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>What the native part would answer with the end of the process, or with nonsense, is refused before it sees it.</summary>
internal static class TokenizerJsonChecks
{
    private static readonly HashSet<string> s_models = ["BPE", "Unigram", "WordPiece"];

    private static readonly HashSet<string> s_normalizers =
    [
        "BertNormalizer", "ByteLevel", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Precompiled", "Prepend", "Replace", "Sequence", "Strip",
        "StripAccents",
    ];

    private static readonly HashSet<string> s_preTokenizers =
        ["BertPreTokenizer", "ByteLevel", "Digits", "Metaspace", "Punctuation", "Sequence", "Split", "UnicodeScripts", "Whitespace", "WhitespaceSplit"];

    private static readonly HashSet<string> s_decoders = ["ByteFallback", "ByteLevel", "Fuse", "Metaspace", "Replace", "Sequence", "Strip", "WordPiece"];

    /// <exception cref="TokenizerException">What is refused, and why.</exception>
    public static void Check(TokenizerJson json)
    {
        json.Require(json.VocabularySize > 0, "its vocabulary is empty");
        Kinds(json, "model", [json.ModelType], s_models);
        Kinds(json, "normalizer", Types(json, "normalizer"), s_normalizers);
        Kinds(json, "pre_tokenizer", Types(json, "pre_tokenizer"), s_preTokenizers);
        Kinds(json, "decoder", Types(json, "decoder"), s_decoders);
        json.Require(!Grows(json.Part("normalizer")), "its normalizer makes texts longer without measure");
        CheckModel(json);
        foreach (JsonElement part in new[] { "normalizer", "pre_tokenizer", "decoder" }.SelectMany(name => PrefixSpaces.Parts(json.Part(name))))
        {
            if (part.TryGetProperty("pattern", out JsonElement pattern) && pattern.ValueKind == JsonValueKind.Object
                && TokenizerJson.Text(pattern, "Regex") is { } expression)
            {
                json.Require(IsTame(expression), $"the pattern '{Shortened(expression)}' repeats a group or refers back, which can take for ever");
            }

            if (TokenizerJson.Text(part, "type") == "Precompiled")
            {
                CheckCharacterMap(json, part);
            }
        }
    }

    /// <summary>Whether a pattern neither repeats groups without end nor refers back: the patterns of known models do neither.</summary>
    internal static bool IsTame(string pattern)
    {
        int inClass = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            char next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            if (inClass == 0 && pattern[i] == '(' && next == '?' && HidesSigns(pattern.AsSpan(i + 2)))
            {
                return false; // In comments brackets and braces mean nothing.
            }

            switch (pattern[i])
            {
                case '\\':
                    if (inClass == 0 && next is (>= '1' and <= '9') or 'k' or 'g')
                    {
                        return false;
                    }

                    i++;
                    break;
                case '[':
                    inClass++;
                    break;
                case ']' when inClass > 0:
                    inClass--;
                    break;
                case ')' when inClass == 0 && next is '*' or '+' or '{':
                    return false;
            }
        }

        return inClass == 0;
    }

    /// <summary>Whether a group that begins so is a comment, or lets them stand between the signs: <c>(?#</c>, <c>(?x</c>, <c>(?ix:</c>.</summary>
    private static bool HidesSigns(ReadOnlySpan<char> group)
    {
        int flags = group.IndexOfAnyExcept("imsx-");
        return group.StartsWith("#") || group[..(flags < 0 ? group.Length : flags)].Contains('x');
    }

    /// <summary>Whether the parts of a normalizer make a text longer without measure: replaced again and again, or put in front.</summary>
    private static bool Grows(JsonElement? normalizer)
    {
        const double mostTimes = 64;
        const long mostAdded = 1024;
        (double times, long added) = (1, 0);
        foreach (JsonElement part in PrefixSpaces.Parts(normalizer))
        {
            if (TokenizerJson.Text(part, "type") == "Replace")
            {
                int replaced = part.TryGetProperty("pattern", out JsonElement pattern) && pattern.ValueKind == JsonValueKind.Object
                    ? TokenizerJson.Text(pattern, "String")?.Length ?? 1 : 1;
                times *= Math.Max(1, (TokenizerJson.Text(part, "content")?.Length ?? 0) / (double)Math.Max(1, replaced));
            }

            added += TokenizerJson.Text(part, "prepend")?.Length ?? 0;
        }

        return times > mostTimes || added > mostAdded;
    }

    private static void CheckModel(TokenizerJson json)
    {
        JsonElement model = json.Model;
        string? unknown = TokenizerJson.Text(model, "unk_token"), prefix = TokenizerJson.Text(model, "continuing_subword_prefix");
        switch (json.ModelType)
        {
            case "WordPiece":
                json.Require(unknown is not null && json.IdOf(unknown) is not null, $"its vocabulary lacks the unknown token '{unknown}'");
                break;
            case "BPE":
                json.Require(string.IsNullOrEmpty(prefix), "merges with a 'continuing_subword_prefix' are not read");
                json.Require(unknown is null || json.IdOf(unknown) is not null, $"its vocabulary lacks the unknown token '{unknown}'");
                break;
            default:
                json.Require(
                    model.TryGetProperty("unk_id", out JsonElement id) && id.ValueKind == JsonValueKind.Number, "its pieces have no unknown one ('unk_id')");
                break;
        }
    }

    private static void CheckCharacterMap(TokenizerJson json, JsonElement part)
    {
        string? base64 = TokenizerJson.Text(part, "precompiled_charsmap");
        byte[] map = new byte[base64?.Length ?? 0];
        json.Require(
            base64 is not null && Convert.TryFromBase64String(base64, map, out int written)
                && CharacterMap.IsSound(map.AsSpan(0, written)),
            "its table of characters ('precompiled_charsmap') is damaged");
    }

    private static IEnumerable<string> Types(TokenizerJson json, string part) =>
        PrefixSpaces.Parts(json.Part(part)).Select(component => TokenizerJson.Text(component, "type") ?? throw json.Error($"its {part} has no 'type'"));

    private static void Kinds(TokenizerJson json, string part, IEnumerable<string> found, HashSet<string> known)
    {
        foreach (string kind in found)
        {
            json.Require(known.Contains(kind), $"the {part} '{Shortened(kind)}' is not read; known are {string.Join(", ", known)}");
        }
    }

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
