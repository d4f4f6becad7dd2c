using System.Text.Json;
using System.Text.Json.Nodes;

namespace TransferLab.Networks;

/// <summary>Reads where a tokenizer puts a space of its own, and takes it away for texts that go on after others.</summary>
internal static class PrefixSpaces
{
    public static PrefixSpace Of(JsonElement? normalizer, JsonElement? preTokenizer) =>
        Parts(normalizer).Any(part => TokenizerJson.Text(part, "type") == "Prepend")
            ? PrefixSpace.Always
            : Parts(preTokenizer).Select(OfPreTokenizer).DefaultIfEmpty().Max();

    /// <summary>A component and, of a sequence, its members.</summary>
    public static IEnumerable<JsonElement> Parts(JsonElement? component)
    {
        if (component is not { ValueKind: JsonValueKind.Object } part)
        {
            yield break;
        }

        yield return part;
        foreach (string list in (string[])["normalizers", "pretokenizers", "decoders", "processors"])
        {
            if (part.TryGetProperty(list, out JsonElement members) && members.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement inner in members.EnumerateArray().SelectMany(member => Parts(member)))
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>The component without it; null where nothing is left.</summary>
    public static JsonNode? Without(JsonElement? component) => component is { } part ? Without(JsonNode.Parse(part.GetRawText())) : null;

    private static JsonNode? Without(JsonNode? node)
    {
        if (node is not JsonObject part)
        {
            return node;
        }

        switch ((string?)part["type"])
        {
            case "Prepend":
                return null;
            case "Metaspace":
                part.Remove("add_prefix_space");
                part["prepend_scheme"] = "never";
                break;
            case "ByteLevel":
                part["add_prefix_space"] = false;
                break;
            case "Sequence":
                foreach (string list in (string[])["normalizers", "pretokenizers"])
                {
                    if (part[list] is JsonArray members)
                    {
                        JsonNode?[] kept = [.. members.Select(member => Without(member?.DeepClone())).Where(member => member is not null)];
                        part[list] = new JsonArray(kept);
                    }
                }

                break;
        }

        return part;
    }

    private static PrefixSpace OfPreTokenizer(JsonElement part) => TokenizerJson.Text(part, "type") switch
    {
        "ByteLevel" => TokenizerJson.Flag(part, "add_prefix_space") ? PrefixSpace.Always : PrefixSpace.Never,
        "Metaspace" => TokenizerJson.Text(part, "prepend_scheme") switch
        {
            "never" => PrefixSpace.Never,
            "first" => PrefixSpace.First,
            "always" => PrefixSpace.Always,
            _ => part.TryGetProperty("add_prefix_space", out JsonElement given) && given.ValueKind == JsonValueKind.False ? PrefixSpace.Never
                : PrefixSpace.Always,
        },
        _ => PrefixSpace.Never,
    };
}
