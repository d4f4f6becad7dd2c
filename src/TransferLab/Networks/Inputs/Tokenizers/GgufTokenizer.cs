using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>The tokenizer of a GGUF file, from the file's metadata (<c>tokenizer.ggml.*</c>).</summary>
internal sealed class GgufTokenizer
{
    private const string Keys = "tokenizer.ggml.";

    private static readonly (string Cut, string[] Names)[] s_preTokenizers =
    [
        (PreTokenizers.Gpt2, ["gpt-2", "gpt2", "phi-2", "roberta-bpe"]),
        (PreTokenizers.Digits, ["smollm", "starcoder", "refact", "command-r"]),
        (PreTokenizers.Llama3, ["llama-bpe", "llama3", "llama-v3"]),
        (PreTokenizers.Qwen2, ["qwen2", "deepseek-r1-qwen"]),
        (PreTokenizers.Tekken, ["tekken"]),
    ];

    private readonly IReadOnlyDictionary<string, object> _metadata;
    private readonly string _origin;
    private readonly List<SentencePiece> _pieces = [];

    public GgufTokenizer(IReadOnlyDictionary<string, object> metadata, string origin)
    {
        (_metadata, _origin) = (metadata, origin);
        string[] tokens = [.. List("tokens").Select(token => token as string ?? throw Error("a token is no text"))];
        object[] kinds = [.. List("token_type", optional: true)], scores = [.. List("scores", optional: true)];
        Require(tokens.Length <= TokenizerJson.MostTokens, $"{tokens.Length} tokens are more than {TokenizerJson.MostTokens:N0}");
        Require(kinds.Length == 0 || kinds.Length == tokens.Length, $"{tokens.Length} tokens have {kinds.Length} kinds");
        Require(scores.Length == 0 || scores.Length == tokens.Length, $"{tokens.Length} tokens have {scores.Length} scores");
        for (int i = 0; i < tokens.Length; i++)
        {
            double score = scores.Length == 0 ? 0 : Number(scores[i]), kind = kinds.Length == 0 ? 1 : Number(kinds[i]);
            Require(double.IsFinite(score) && kind is >= 0 and <= 6, $"token {i} has no score or kind");
            _pieces.Add(new(tokens[i], (float)score, (SentencePieceKind)(int)kind));
        }
    }

    /// <summary>Special tokens and the longest text.</summary>
    public TokenizerSettings Settings => new()
    {
        Bos = Named("bos_token_id"),
        Eos = Named("eos_token_id"),
        Pad = Named("padding_token_id"),
        Unk = Named("unknown_token_id"),
        Cls = Named("cls_token_id"),
        Sep = Named("seperator_token_id") ?? Named("separator_token_id"), // The format's own spelling, and the right one.
        Mask = Named("mask_token_id"),
        MaxLength = _metadata.TryGetValue("general.architecture", out object? architecture)
            && _metadata.TryGetValue($"{architecture}.context_length", out object? length)
            && Number(length) is >= 1 and <= int.MaxValue and double tokens ? (int)tokens : null,
    };

    /// <summary>The text of a <c>tokenizer.json</c>, UTF-8.</summary>
    /// <exception cref="TokenizerException">A kind that is not read, or metadata that contradict themselves.</exception>
    public byte[] ToJson() => Text("model") switch
    {
        "gpt2" => ByteLevel(),
        "llama" => SentencePieceTokenizer.Bpe(
            _pieces, Flag("add_space_prefix", true) ? PrefixSpace.Always : PrefixSpace.Never, Edge("bos", true), Edge("eos", false)),
        null => throw Error("it brings no tokenizer: name a folder that has tokenizer.json"),
        string other => throw Error($"the tokenizer '{other}' is not read; known are gpt2 and llama: name a folder that has tokenizer.json"),
    };

    private byte[] ByteLevel()
    {
        string? name = Text("pre");
        string? preTokenizer = s_preTokenizers.Where(one => one.Names.Contains(name)).Select(one => one.Cut).FirstOrDefault();
        if (preTokenizer is null)
        {
            string known = string.Join(", ", s_preTokenizers.SelectMany(one => one.Names));
            throw Error($"how its tokenizer cuts texts ('{name ?? "nothing said"}') is not known; known are {known}: name a folder that has tokenizer.json");
        }

        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        List<AddedToken> added = [];
        for (int id = 0; id < _pieces.Count; id++)
        {
            (string text, _, SentencePieceKind kind) = _pieces[id];
            Require(vocabulary.TryAdd(text, id), $"the token '{text}' comes twice");
            if (kind is SentencePieceKind.Control or SentencePieceKind.Unknown or SentencePieceKind.UserDefined)
            {
                added.Add(new(id, text, kind != SentencePieceKind.UserDefined));
            }
        }

        bool threes = preTokenizer == PreTokenizers.Llama3;
        return new ByteLevelBpe
        {
            Vocabulary = vocabulary,
            Merges = ByteLevelBpe.ReadMerges(List("merges").Select(merge => merge as string ?? throw Error("a merge is no text")), _origin),
            PreTokenizer = preTokenizer,
            Added = added,
            Normalizer = preTokenizer == PreTokenizers.Qwen2 ? ByteLevelBpe.Nfc : "null",
            IgnoreMerges = threes || preTokenizer == PreTokenizers.Tekken,
            Prefix = Edge("bos", threes),
            Suffix = Edge("eos", false),
        }.ToJson();
    }

    /// <summary>The name in GGUF of a way to cut texts, a part of a <c>tokenizer.json</c>; null where there is none.</summary>
    public static string? NameOf(string preTokenizer) =>
        s_preTokenizers.Where(one => Signs(one.Cut).SequenceEqual(Signs(preTokenizer))).Select(one => one.Names[0]).FirstOrDefault();

    /// <summary>What tells one way to cut from another: its expressions, and whether digits are taken one by one.</summary>
    private static string[] Signs(string preTokenizer)
    {
        using JsonDocument document = JsonDocument.Parse(preTokenizer.Length == 0 ? "{}" : preTokenizer);
        JsonElement root = document.RootElement;
        JsonElement[] parts = root.TryGetProperty("pretokenizers", out JsonElement list) ? [.. list.EnumerateArray()] : [root];
        return [.. parts.Select(part => TokenizerJson.Text(part, "type") switch
        {
            "Split" => part.GetProperty("pattern").TryGetProperty("Regex", out JsonElement expression) ? expression.GetString()! : "text",
            "Digits" => TokenizerJson.Flag(part, "individual_digits") ? "digits" : "numbers",
            "ByteLevel" => part.TryGetProperty("use_regex", out JsonElement regex) && regex.ValueKind == JsonValueKind.False ? "" : "gpt-2",
            var other => other ?? "none",
        }).Where(sign => sign.Length > 0)];
    }

    private AddedToken[] Edge(string which, bool byDefault) =>
        Flag($"add_{which}_token", byDefault) && Id($"{which}_token_id") is { } id ? [new(id, _pieces[id].Text)] : [];

    private string? Named(string key) => Id(key) is { } id ? _pieces[id].Text : null;

    private int? Id(string key)
    {
        if (!_metadata.TryGetValue(Keys + key, out object? value))
        {
            return null;
        }

        double id = Number(value);
        Require(id >= 0 && id < _pieces.Count, $"{Keys}{key} is {value}, and there are {_pieces.Count} tokens");
        return (int)id;
    }

    private string? Text(string key) => _metadata.TryGetValue(Keys + key, out object? value) ? value as string ?? throw Error($"{Keys}{key} is no text") : null;

    private bool Flag(string key, bool byDefault) =>
        !_metadata.TryGetValue(Keys + key, out object? value) ? byDefault : value as bool? ?? throw Error($"{Keys}{key} is neither true nor false");

    private IEnumerable<object> List(string key, bool optional = false) =>
        !_metadata.TryGetValue(Keys + key, out object? value)
            ? optional ? [] : throw Error($"it has no {Keys}{key}: name a folder that has tokenizer.json")
            : value is IEnumerable list and not string ? list.Cast<object>() : throw Error($"{Keys}{key} is no list");

    private double Number(object value) =>
        value is IConvertible number and not string and not bool ? number.ToDouble(CultureInfo.InvariantCulture) : throw Error($"'{value}' is no number");

    private TokenizerException Error(string what) => new($"{_origin}: {what}.");

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Error(otherwise);
        }
    }
}
