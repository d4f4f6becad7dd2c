using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>The metadata by which GGUF files hold a tokenizer (<c>tokenizer.ggml.*</c>): the counterpart of <see cref="GgufTokenizer"/>.</summary>
internal static class GgufVocabulary
{
    private const string Keys = "tokenizer.ggml.";
    private const int Normal = 1, Control = 3, UserDefined = 4, Unused = 5;

    /// <summary>The metadata of a byte-level vocabulary.</summary>
    /// <param name="tokenizer">Its <c>tokenizer.json</c>.</param>
    /// <param name="rows">Rows of the embedding: ids that the vocabulary lacks are filled up, as the format wants one token a row.</param>
    /// <exception cref="TokenizerException">It is of a kind that is not written, or cuts texts in a way that has no name there.</exception>
    public static IEnumerable<KeyValuePair<string, object>> Of(TextTokenizer tokenizer, int rows)
    {
        TokenizerJson json = TokenizerJson.Parse(tokenizer.Json, tokenizer.Origin);
        json.Require(json.ModelType == "BPE" && !TokenizerJson.Flag(json.Model, "byte_fallback"),
            "its tokenizer is not byte-level BPE, which is the one that is written as GGUF; start from a GGUF file, whose tokenizer is kept");
        string before = json.Part("pre_tokenizer")?.GetRawText() ?? "";
        string name = GgufTokenizer.NameOf(before)
            ?? throw json.Error("how its tokenizer cuts texts has no name in GGUF that is known here; start from a GGUF file, whose tokenizer is kept");
        Dictionary<int, AddedToken> added = json.AddedTokens.ToDictionary(token => token.Id);
        string[] tokens = [.. Enumerable.Range(0, rows).Select(id => json.TokenOf(id) ?? $"[PAD{id}]")];
        yield return new(Keys + "model", "gpt2");
        yield return new(Keys + "pre", name);
        yield return new(Keys + "tokens", tokens);
        yield return new(Keys + "token_type", tokens.Select((_, id) => json.TokenOf(id) is null
            ? Unused
            : !added.TryGetValue(id, out AddedToken? token)
            ? Normal
            : token.Special
            ? Control
            : UserDefined).ToArray());
        yield return new(Keys + "merges", Merges(json));
        SpecialTokens special = tokenizer.Specials;
        foreach ((string key, long? id) in new[] { ("bos", special.Bos), ("eos", special.Eos), ("padding", special.Pad), ("unknown", special.Unk) })
        {
            if (id is { } given)
            {
                yield return new($"{Keys}{key}_token_id", (uint)given);
            }
        }

        yield return new(Keys + "add_bos_token", special.Bos is { } bos && json.Prefix.Contains(bos));
        yield return new(Keys + "add_eos_token", special.Eos is { } eos && json.Suffix.Contains(eos));
    }

    // Pairs are written "a b" in older files, and as two strings in newer ones.
    private static string[] Merges(TokenizerJson json) => [.. json.Model.GetProperty("merges").EnumerateArray().Select(merge =>
        merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!)];
}
