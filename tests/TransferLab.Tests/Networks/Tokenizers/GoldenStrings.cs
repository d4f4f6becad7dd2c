using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TransferLab.Tests.Networks.Tokenizers;

/// <summary>Eight small vocabularies and what Hugging Face's own program makes of 36 difficult strings with each.</summary>
internal static class GoldenStrings
{
    public static IEnumerable<string> Families { get; } =
        ["bpe-llama2", "bpe-llama3", "bpe-qwen2", "bpe-roberta", "bpe-smollm", "unigram-xlm-roberta", "wordpiece-cased-korean", "wordpiece-uncased"];

    public static byte[] Json(string family) => File.ReadAllBytes(At($"{family}.tokenizer.json"));

    public static JsonObject Parsed(string family) => JsonNode.Parse(Json(family))!.AsObject();

    public static IReadOnlyList<GoldenString> Cases(string family)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(At($"{family}.golden.json")));
        static long[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt64())];
        return
        [
            .. document.RootElement.GetProperty("cases").EnumerateArray().Select(one => new GoldenString(
                one.GetProperty("text").GetString()!, Ids(one.GetProperty("ids")), Ids(one.GetProperty("with_special")),
                    one.GetProperty("decoded").GetString()!)),
        ];
    }

    /// <summary>The tokens by id, as the vocabulary writes them.</summary>
    public static string[] Tokens(string family) => Parsed(family)["model"]!["vocab"] switch
    {
        JsonObject map => [.. map.OrderBy(entry => (int)entry.Value!).Select(entry => entry.Key)],
        JsonArray pieces => [.. pieces.Select(piece => (string)piece![0]!)],
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The merges as lines of a merges.txt.</summary>
    public static string[] Merges(string family) => [.. Parsed(family)["model"]!["merges"]!.AsArray().Select(pair => $"{pair![0]} {pair[1]}")];

    /// <summary>A vocab.json.</summary>
    public static byte[] Vocabulary(string family) => Encoding.UTF8.GetBytes(Parsed(family)["model"]!["vocab"]!.ToJsonString());

    private static string At(string file) => Path.Combine(RepositoryRoot.Path, "tests", "TransferLab.Tests", "Networks", "Tokenizers", "Golden", file);
}

/// <param name="Text">A difficult string.</param>
/// <param name="Ids">Its ids, special tokens in it found.</param>
/// <param name="WithSpecial">The same between the model's own special tokens.</param>
/// <param name="Decoded">The text of the ids.</param>
internal sealed record GoldenString(string Text, long[] Ids, long[] WithSpecial, string Decoded);
