using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>The <c>tokenizer.json</c> of a SentencePiece vocabulary.</summary>
internal static class SentencePieceTokenizer
{
    private const string Space = "▁";

    private const string Decoder = $$$"""
        {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"{{{Space}}}"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}STRIP]}
        """;

    /// <summary>Byte pairs, as in Llama 2 and Mistral.</summary>
    /// <param name="pieces">The vocabulary, in the order of ids.</param>
    /// <param name="prefixSpace">Where a space is put before a text.</param>
    /// <param name="prefix">Special tokens before a text.</param>
    /// <param name="suffix">Special tokens behind a text.</param>
    public static byte[] Bpe(IReadOnlyList<SentencePiece> pieces, PrefixSpace prefixSpace, IReadOnlyList<AddedToken> prefix, IReadOnlyList<AddedToken> suffix)
    {
        Dictionary<string, int> vocabulary = Vocabulary(pieces);
        string metaspace = $$"""{"type":"Metaspace","replacement":"{{Space}}","prepend_scheme":"first","split":false}""";
        string strip = prefixSpace == PrefixSpace.Never ? "" : """,{"type":"Strip","content":" ","start":1,"stop":0}""";
        string replace = $$$"""{"type":"Replace","pattern":{"String":" "},"content":"{{{Space}}}"}""";
        return new TokenizerParts
        {
            Added = Added(pieces),
            Normalizer = prefixSpace switch
            {
                PrefixSpace.Always => $$"""{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"{{Space}}"},{{replace}}]}""",
                PrefixSpace.Never => replace,
                _ => "null",
            },
            PreTokenizer = prefixSpace == PrefixSpace.First ? metaspace : "null",
            Decoder = Decoder.Replace("STRIP", strip, StringComparison.Ordinal),
            Prefix = prefix,
            Suffix = suffix,
            Model = writer => TokenizerParts.WriteBpe(writer, vocabulary, ScoredMerges.Of(pieces, vocabulary), Unknown(pieces), byteFallback: true),
        }.ToJson();
    }

    /// <summary>Unigrams, as in XLM-RoBERTa and T5.</summary>
    /// <param name="model">Where the pieces come from.</param>
    /// <param name="pieces">The vocabulary, in the order of ids: of some models not the file's.</param>
    /// <param name="prefix">Special tokens before a text.</param>
    /// <param name="suffix">Special tokens behind a text.</param>
    public static byte[] Unigram(
        SentencePieceModel model, IReadOnlyList<SentencePiece> pieces, IReadOnlyList<AddedToken> prefix, IReadOnlyList<AddedToken> suffix)
    {
        List<string> normalizers = [];
        if (model.CharacterMap.Length > 0)
        {
            normalizers.Add($$"""{"type":"Precompiled","precompiled_charsmap":"{{Convert.ToBase64String(model.CharacterMap)}}"}""");
        }
        else if (model.Normalization.Contains("nfkc", StringComparison.OrdinalIgnoreCase))
        {
            normalizers.Add("""{"type":"NFKC"}""");
        }

        if (model.RemoveExtraWhitespaces)
        {
            normalizers.Add("""{"type":"Replace","pattern":{"Regex":"\\A +| +\\z"},"content":""}"""); // Spaces alone: other white space stays.
            normalizers.Add("""{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}""");
        }

        string scheme = model.AddDummyPrefix ? "always" : "never";
        string metaspace = $$"""{"type":"Metaspace","replacement":"{{Space}}","prepend_scheme":"{{scheme}}","split":true}""";
        return new TokenizerParts
        {
            Added = Added(pieces),
            Normalizer = $$"""{"type":"Sequence","normalizers":[{{string.Join(',', normalizers)}}]}""",
            PreTokenizer = metaspace,
            Decoder = metaspace,
            Prefix = prefix,
            Suffix = suffix,
            Model = writer => WriteUnigram(writer, pieces, model.ByteFallback),
        }.ToJson();
    }

    private static void WriteUnigram(Utf8JsonWriter writer, IReadOnlyList<SentencePiece> pieces, bool byteFallback)
    {
        writer.WriteString("type", "Unigram");
        writer.WriteNumber("unk_id", Math.Max(0, pieces.ToList().FindIndex(piece => piece.Kind == SentencePieceKind.Unknown)));
        writer.WriteBoolean("byte_fallback", byteFallback);
        writer.WriteStartArray("vocab");
        foreach (SentencePiece piece in pieces)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(piece.Text);
            writer.WriteNumberValue((double)piece.Score);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static Dictionary<string, int> Vocabulary(IReadOnlyList<SentencePiece> pieces)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < pieces.Count; id++)
        {
            ids.TryAdd(pieces[id].Text, id);
        }

        return ids;
    }

    private static List<AddedToken> Added(IReadOnlyList<SentencePiece> pieces) =>
    [
        .. pieces.Select((piece, id) => (piece, id))
            .Where(at => at.piece.Text.Length > 0 && at.piece.Kind is SentencePieceKind.Control or SentencePieceKind.Unknown or SentencePieceKind.UserDefined)
            .Select(at => new AddedToken(at.id, at.piece.Text, at.piece.Kind != SentencePieceKind.UserDefined)),
    ];

    private static string? Unknown(IReadOnlyList<SentencePiece> pieces) =>
        pieces.Where(piece => piece.Kind == SentencePieceKind.Unknown).Select(piece => piece.Text).FirstOrDefault();
}
