using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TransferLab.Networks;

/// <summary>
/// Writes a tokenizer.json once more for one use. The library has no options when it encodes: what adds special tokens, cuts, pads and drops
/// pieces at random is left out always, and special tokens are found in a text or are text like any other.
/// </summary>
/// <param name="Plain">Special tokens in a text are plain text.</param>
/// <param name="Continued">No space is put before the text.</param>
internal sealed partial record TokenizerVariant(bool Plain, bool Continued)
{
    // No text can hold it: it is drawn anew in every process.
    private static readonly string s_hidden = $"\u0001{Guid.NewGuid():N}-";

    public byte[] Write(TokenizerJson json)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in json.Document.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                switch (property.Name)
                {
                    case "truncation" or "padding" or "post_processor":
                        writer.WriteNullValue();
                        break;
                    case "added_tokens":
                        WriteAdded(writer, json);
                        break;
                    case "normalizer" or "pre_tokenizer" when Continued:
                        WriteNode(writer, PrefixSpaces.Without(json.Part(property.Name)));
                        break;
                    case "model":
                        WriteModel(writer, json);
                        break;
                    default:
                        property.Value.WriteTo(writer);
                        break;
                }
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteNode(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }

    /// <summary>None is called special, so that decoding keeps all; who wants none leaves their ids out.</summary>
    private void WriteAdded(Utf8JsonWriter writer, TokenizerJson json)
    {
        writer.WriteStartArray();
        foreach (AddedToken token in json.AddedTokens)
        {
            bool hidden = Plain && token.Special;
            if (!hidden || !token.InModel)
            {
                // One that the model does not know keeps its place, for the library counts places.
                AddedTokens.WriteOne(writer, token with { Special = false, Content = hidden ? Hidden(token.Id) : token.Content });
            }
        }

        writer.WriteEndArray();
    }

    private void WriteModel(Utf8JsonWriter writer, TokenizerJson json)
    {
        Dictionary<string, int> hidden = Plain
            ? json.AddedTokens.Where(token => token.Special && !ByteToken().IsMatch(token.Content)).DistinctBy(token => token.Content)
                .ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal)
            : [];
        string Name(string token) => hidden.TryGetValue(token, out int id) ? Hidden(id) : token;
        writer.WriteStartObject();
        foreach (JsonProperty property in json.Model.EnumerateObject())
        {
            writer.WritePropertyName(property.Name);
            switch (property.Name)
            {
                case "dropout":
                    writer.WriteNullValue();
                    break;
                case "unk_token" when property.Value.ValueKind == JsonValueKind.String:
                    writer.WriteStringValue(Name(property.Value.GetString()!));
                    break;
                case "vocab" when hidden.Count > 0:
                    WriteVocabulary(writer, property.Value, Name);
                    break;
                default:
                    property.Value.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteVocabulary(Utf8JsonWriter writer, JsonElement vocabulary, Func<string, string> name)
    {
        if (vocabulary.ValueKind == JsonValueKind.Object)
        {
            writer.WriteStartObject();
            foreach (JsonProperty entry in vocabulary.EnumerateObject())
            {
                writer.WritePropertyName(name(entry.Name));
                entry.Value.WriteTo(writer);
            }

            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray();
        foreach (JsonElement piece in vocabulary.EnumerateArray())
        {
            writer.WriteStartArray();
            writer.WriteStringValue(name(piece[0].GetString()!));
            piece[1].WriteTo(writer);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static string Hidden(int id) => $"{s_hidden}{id}";

    [GeneratedRegex("^<0x[0-9A-Fa-f]{2}>$")]
    private static partial Regex ByteToken(); // A byte that the vocabulary cannot write otherwise: the model looks for it by this name.
}
