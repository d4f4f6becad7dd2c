using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>The special ids that a tokenizer puts around a single text, read from its post-processor.</summary>
internal static class PostProcessor
{
    /// <exception cref="TokenizerException">A kind that is not read, or a token that the vocabulary lacks.</exception>
    public static (IReadOnlyList<long> Prefix, IReadOnlyList<long> Suffix) Read(JsonElement? component, TokenizerJson json)
    {
        List<long> prefix = [], suffix = [];
        foreach (JsonElement part in PrefixSpaces.Parts(component))
        {
            switch (TokenizerJson.Text(part, "type"))
            {
                case "BertProcessing" or "RobertaProcessing":
                    prefix.Insert(0, NamedId(part, "cls", json));
                    suffix.Add(NamedId(part, "sep", json));
                    break;
                case "TemplateProcessing":
                    ReadTemplate(part, json, prefix, suffix);
                    break;
                case "ByteLevel" or "Sequence":
                    break; // Trims offsets alone; holds others.
                case { } other:
                    throw json.Error($"the post-processor '{other}' is not read");
                default:
                    throw json.Error("its post-processor has no 'type'");
            }
        }

        return (prefix, suffix);
    }

    private static long NamedId(JsonElement part, string name, TokenizerJson json)
    {
        json.Require(
            part.TryGetProperty(name, out JsonElement pair)
                && pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[1].TryGetInt32(out _),
            $"its post-processor's '{name}' is no token with an id");
        return Known(pair[1].GetInt32(), json);
    }

    private static void ReadTemplate(JsonElement part, TokenizerJson json, List<long> prefix, List<long> suffix)
    {
        json.Require(
            part.TryGetProperty("single", out JsonElement single) && single.ValueKind == JsonValueKind.Array, "its post-processor has no list 'single'");
        bool after = false;
        List<long> before = [];
        foreach (JsonElement item in single.EnumerateArray())
        {
            if (item.TryGetProperty("Sequence", out _))
            {
                json.Require(!after, "its post-processor takes one text twice");
                after = true;
                continue;
            }

            json.Require(
                item.TryGetProperty("SpecialToken", out JsonElement token) && TokenizerJson.Text(token, "id") is not null,
                "its post-processor holds neither a text nor a token");
            (after ? suffix : before).AddRange(Ids(part, TokenizerJson.Text(token, "id")!, json));
        }

        json.Require(after, "its post-processor leaves the text out");
        prefix.InsertRange(0, before);
    }

    private static IEnumerable<long> Ids(JsonElement part, string name, TokenizerJson json)
    {
        json.Require(
            part.TryGetProperty("special_tokens", out JsonElement tokens) && tokens.ValueKind == JsonValueKind.Object
                && tokens.TryGetProperty(name, out JsonElement token)
            && token.TryGetProperty("ids", out JsonElement ids) && ids.ValueKind == JsonValueKind.Array,
            $"its post-processor names '{name}' and does not say its id");
        return [.. tokens.GetProperty(name).GetProperty("ids").EnumerateArray().Select(id => Known(id.TryGetInt32(out int value) ? value : -1, json))];
    }

    private static long Known(int id, TokenizerJson json) =>
        json.TokenOf(id) is not null ? id : throw json.Error($"its post-processor names the id {id}, which the vocabulary lacks");
}
