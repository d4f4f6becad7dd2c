using System.Text.Encodings.Web;
using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>What a <c>tokenizer.json</c> consists of; each part is the text of a JSON value.</summary>
internal sealed record TokenizerParts
{
    /// <summary>Bytes as letters, in the order of GPT-2, back to text.</summary>
    public const string ByteLevelDecoder = """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""";

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    public string Normalizer { get; init; } = "null";

    public string PreTokenizer { get; init; } = "null";

    public string Decoder { get; init; } = "null";

    /// <summary>Special tokens before a text, by name and id.</summary>
    public IReadOnlyList<AddedToken> Prefix { get; init; } = [];

    /// <summary>Special tokens behind a text.</summary>
    public IReadOnlyList<AddedToken> Suffix { get; init; } = [];

    /// <summary>Writes the members of the model, the object's braces excepted.</summary>
    public required Action<Utf8JsonWriter> Model { get; init; }

    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "1.0");
            writer.WriteNull("truncation");
            writer.WriteNull("padding");
            writer.WritePropertyName("added_tokens");
            AddedTokens.Write(writer, Added.OrderBy(token => token.Id));
            WriteRaw(writer, "normalizer", Normalizer);
            WriteRaw(writer, "pre_tokenizer", PreTokenizer);
            writer.WritePropertyName("post_processor");
            WriteTemplate(writer);
            WriteRaw(writer, "decoder", Decoder);
            writer.WriteStartObject("model");
            Model(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Members of a model of byte pairs.</summary>
    public static void WriteBpe(
        Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, int>> vocabulary, IEnumerable<(string Left, string Right)> merges, string? unknown,
        bool byteFallback, bool ignoreMerges = false)
    {
        writer.WriteString("type", "BPE");
        writer.WriteNull("dropout");
        writer.WriteString("unk_token", unknown);
        writer.WriteNull("continuing_subword_prefix");
        writer.WriteNull("end_of_word_suffix");
        writer.WriteBoolean("fuse_unk", byteFallback);
        writer.WriteBoolean("byte_fallback", byteFallback);
        writer.WriteBoolean("ignore_merges", ignoreMerges);
        WriteVocabulary(writer, vocabulary);
        writer.WriteStartArray("merges");
        foreach ((string left, string right) in merges)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(left);
            writer.WriteStringValue(right);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    public static void WriteVocabulary(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        writer.WriteStartObject("vocab");
        foreach ((string token, int id) in vocabulary)
        {
            writer.WriteNumber(token, id);
        }

        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, string json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json);
    }

    private void WriteTemplate(Utf8JsonWriter writer)
    {
        if (Prefix.Count == 0 && Suffix.Count == 0)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "TemplateProcessing");
        foreach ((string list, string[] texts) in ((string, string[])[])[("single", ["A"]), ("pair", ["A", "B"])])
        {
            writer.WriteStartArray(list);
            foreach (string text in texts)
            {
                WriteItems(writer, Prefix);
                WriteItem(writer, "Sequence", text);
                WriteItems(writer, Suffix);
            }

            writer.WriteEndArray();
        }

        writer.WriteStartObject("special_tokens");
        foreach (AddedToken token in Prefix.Concat(Suffix).DistinctBy(token => token.Content))
        {
            writer.WriteStartObject(token.Content);
            writer.WriteString("id", token.Content);
            writer.WriteStartArray("ids");
            writer.WriteNumberValue(token.Id);
            writer.WriteEndArray();
            writer.WriteStartArray("tokens");
            writer.WriteStringValue(token.Content);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter writer, IReadOnlyList<AddedToken> tokens)
    {
        foreach (AddedToken token in tokens)
        {
            WriteItem(writer, "SpecialToken", token.Content);
        }
    }

    private static void WriteItem(Utf8JsonWriter writer, string kind, string id)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("id", id);
        writer.WriteNumber("type_id", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
