using System.Globalization;
using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>What stands beside a vocabulary: the special tokens by name, and the longest text.</summary>
internal sealed record TokenizerSettings
{
    private const int LongestText = 100_000_000; // Files say 1e30 where there is no limit.

    private static readonly string[][] s_usual =
    [
        ["<s>", "<|begin_of_text|>", "<bos>", "[BOS]"], ["</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>", "[EOS]"], ["[PAD]", "<pad>"], ["[UNK]", "<unk>"],
        ["[CLS]"], ["[SEP]"], ["[MASK]", "<mask>"],
    ];

    public string? Bos { get; init; }

    public string? Eos { get; init; }

    public string? Pad { get; init; }

    public string? Unk { get; init; }

    public string? Cls { get; init; }

    public string? Sep { get; init; }

    public string? Mask { get; init; }

    /// <summary>Tokens; null where there is no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>From <c>tokenizer_config.json</c>, or <c>special_tokens_map.json</c>, which names special tokens alone.</summary>
    public static TokenizerSettings Read(JsonElement config)
    {
        static string? Name(JsonElement config, string key) =>
            config.TryGetProperty(key, out JsonElement token) && token.ValueKind == JsonValueKind.Object ? TokenizerJson.Text(token, "content")
                : TokenizerJson.Text(config, key);

        return new()
        {
            Bos = Name(config, "bos_token"),
            Eos = Name(config, "eos_token"),
            Pad = Name(config, "pad_token"),
            Unk = Name(config, "unk_token"),
            Cls = Name(config, "cls_token"),
            Sep = Name(config, "sep_token"),
            Mask = Name(config, "mask_token"),
            MaxLength = config.TryGetProperty("model_max_length", out JsonElement length) && length.ValueKind == JsonValueKind.Number
                && double.TryParse(length.GetRawText(), CultureInfo.InvariantCulture, out double tokens) && tokens is >= 1 and <= LongestText
                    ? (int)tokens : null,
        };
    }

    /// <summary>By the names that are usual, where no file says more.</summary>
    public static TokenizerSettings Guess(TokenizerJson json)
    {
        string?[] names = [.. s_usual.Select(names => names.FirstOrDefault(name => json.AddedTokens.Any(token => token.Content == name)))];
        return new() { Bos = names[0], Eos = names[1], Pad = names[2], Unk = names[3], Cls = names[4], Sep = names[5], Mask = names[6] };
    }

    public SpecialTokens Ids(TokenizerJson json)
    {
        long? Id(string? token) => token is null ? null : json.IdOf(token);
        return new() { Bos = Id(Bos), Eos = Id(Eos), Pad = Id(Pad), Unk = Id(Unk), Cls = Id(Cls), Sep = Id(Sep), Mask = Id(Mask) };
    }
}
