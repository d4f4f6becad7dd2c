using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>Added tokens as a tokenizer.json has them.</summary>
internal static class AddedTokens
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<AddedToken> tokens)
    {
        writer.WriteStartArray();
        foreach (AddedToken token in tokens)
        {
            WriteOne(writer, token);
        }

        writer.WriteEndArray();
    }

    public static void WriteOne(Utf8JsonWriter writer, AddedToken token)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", token.Id);
        writer.WriteString("content", token.Content);
        writer.WriteBoolean("single_word", token.SingleWord);
        writer.WriteBoolean("lstrip", token.LStrip);
        writer.WriteBoolean("rstrip", token.RStrip);
        writer.WriteBoolean("normalized", token.Normalized);
        writer.WriteBoolean("special", token.Special);
        writer.WriteEndObject();
    }
}
