using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>BERT's tokenizer from its <c>vocab.txt</c>, one piece a line.</summary>
internal sealed class WordPieceVocabulary
{
    private static readonly string[] s_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly string _origin;

    public WordPieceVocabulary(string vocabulary, string origin)
    {
        _origin = origin;
        int id = 0;
        foreach (string line in vocabulary.Split('\n'))
        {
            _ids[line.TrimEnd('\r')] = id++;
        }

        if (vocabulary.EndsWith('\n') && _ids.GetValueOrDefault("") == id - 1)
        {
            _ids.Remove("");
        }

        if (s_special[1..4].FirstOrDefault(token => !_ids.ContainsKey(token)) is { } missing)
        {
            throw new TokenizerException($"{origin}: a BERT vocabulary has {missing} on a line of its own, and this one has not.");
        }
    }

    /// <summary>Whether the vocabulary tells capitals from small letters: it holds capitals.</summary>
    public bool IsCased => _ids.Keys.Any(piece => piece[..Math.Min(piece.Length, 1)] != "[" && piece.Any(char.IsUpper));

    /// <param name="lowercase">Whether texts are put into lower case.</param>
    /// <param name="stripAccents">Whether accents are taken off; null does so with lower case.</param>
    /// <param name="splitChinese">Whether each Chinese character is a word.</param>
    /// <param name="more">Tokens beside BERT's own.</param>
    public byte[] ToJson(bool lowercase, bool? stripAccents = null, bool splitChinese = true, IReadOnlyList<AddedToken>? more = null)
    {
        AddedToken Special(string token) => new(_ids[token], token);
        List<AddedToken> added = [.. s_special.Where(_ids.ContainsKey).Select(Special)];
        added.AddRange((more ?? []).Where(token => !s_special.Contains(token.Content)));
        static string Json(bool? value) => value is { } given ? given ? "true" : "false" : "null";
        try
        {
            return new TokenizerParts
            {
                Added = added,
                Normalizer = $$"""
                    {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":{{Json(splitChinese)}},"strip_accents":{{Json(stripAccents)}},
                     "lowercase":{{Json(lowercase)}}}
                    """,
                PreTokenizer = """{"type":"BertPreTokenizer"}""",
                Decoder = """{"type":"WordPiece","prefix":"##","cleanup":true}""",
                Prefix = [Special("[CLS]")],
                Suffix = [Special("[SEP]")],
                Model = WriteModel,
            }.ToJson();
        }
        catch (ArgumentException e)
        {
            throw new TokenizerException($"{_origin}: a piece is no text ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }

    private void WriteModel(Utf8JsonWriter writer)
    {
        writer.WriteString("type", "WordPiece");
        writer.WriteString("unk_token", "[UNK]");
        writer.WriteString("continuing_subword_prefix", "##");
        writer.WriteNumber("max_input_chars_per_word", 100);
        TokenizerParts.WriteVocabulary(writer, _ids);
    }
}
