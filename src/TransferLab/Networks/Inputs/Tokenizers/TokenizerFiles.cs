using System.Text;
using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>Finds and reads a folder's tokenizer, in whichever form it is there.</summary>
internal sealed class TokenizerFiles
{
    private const long LargestConfig = 16_000_000;
    private static readonly string[] s_sentencePiece = ["tokenizer.model", "sentencepiece.bpe.model", "spiece.model"];
    private readonly string _folder;
    private readonly JsonElement _config, _model;

    private TokenizerFiles(string folder)
    {
        _folder = folder;
        _config = Config("tokenizer_config.json");
        _model = Config("config.json");
    }

    /// <exception cref="TokenizerException">There is none, it is damaged, or of a kind that is not read.</exception>
    public static TextTokenizer Read(string folder)
    {
        TokenizerFiles files = new(folder);
        return files.Has("tokenizer.json") ? files.Make(files.Bytes("tokenizer.json", TokenizerJson.LargestFile), "tokenizer.json")
            : s_sentencePiece.FirstOrDefault(files.Has) is { } model ? files.Make(files.SentencePiece(model), model)
            : files.Has("vocab.json") && files.Has("merges.txt") ? files.Make(files.BytePairs(), "vocab.json")
            : files.Has("vocab.txt") ? files.Make(files.WordPiece(), "vocab.txt")
            : throw new TokenizerException(
                $"{folder}: it holds no tokenizer; there has to be tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt.");
    }

    /// <summary>The Jinja text of a folder's chat template; null where there is none.</summary>
    public static string? ChatTemplate(string folder)
    {
        TokenizerFiles files = new(folder);
        if (files.Has("chat_template.jinja"))
        {
            return files.Text("chat_template.jinja");
        }

        if (!files._config.TryGetProperty("chat_template", out JsonElement template) || template.ValueKind != JsonValueKind.Array)
        {
            return TokenizerJson.Text(files._config, "chat_template");
        }

        return template.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object && TokenizerJson.Text(one, "name") == "default")
            .Select(one => TokenizerJson.Text(one, "template")).FirstOrDefault();
    }

    private TokenizerSettings? Settings => Has("tokenizer_config.json") || Has("special_tokens_map.json")
        ? Merge(TokenizerSettings.Read(_config), TokenizerSettings.Read(Config("special_tokens_map.json")))
        : null;

    /// <summary>The class that Hugging Face's library would use, which names the family.</summary>
    private string Class =>
        (TokenizerJson.Text(_config, "tokenizer_class") ?? "") is { Length: > 0 } name ? name : TokenizerJson.Text(_model, "model_type") ?? "";

    private bool IsXlmRoberta => Class.StartsWith("XLMRoberta", StringComparison.Ordinal) || Class == "xlm-roberta";

    private TextTokenizer Make(byte[] json, string file) => new(json, Path.Combine(_folder, file), Settings);

    private byte[] WordPiece()
    {
        WordPieceVocabulary vocabulary = new(Text("vocab.txt"), At("vocab.txt"));
        return vocabulary.ToJson(Flag("do_lower_case") ?? !vocabulary.IsCased, Flag("strip_accents"), Flag("tokenize_chinese_chars") ?? true, ListedTokens());
    }

    private byte[] BytePairs()
    {
        Dictionary<string, int> vocabulary = ByteLevelBpe.ReadVocabulary(Bytes("vocab.json", TokenizerJson.LargestFile), At("vocab.json"));
        List<AddedToken> added = ListedTokens();
        HashSet<string> listed = [.. added.Select(token => token.Content)];
        added.AddRange(
            vocabulary.Where(token => !listed.Contains(token.Key) && LooksSpecial(token.Key)).Select(token => new AddedToken(token.Value, token.Key)));
        bool qwen = Class.StartsWith("Qwen2", StringComparison.OrdinalIgnoreCase);
        bool roberta = Class.StartsWith("Roberta", StringComparison.OrdinalIgnoreCase) || (Class.Length == 0 && added.Any(token => token.Content == "<mask>"));
        AddedToken[] Edge(string name) => roberta && added.FirstOrDefault(token => token.Content == name) is { } token ? [token] : [];
        return new ByteLevelBpe
        {
            Vocabulary = vocabulary,
            Merges = ByteLevelBpe.ReadMerges(Text("merges.txt").Split('\n'), At("merges.txt")),
            Added = roberta ? [.. added.Select(token => token.Content == "<mask>" ? token with { LStrip = true } : token)] : added,
            Normalizer = qwen ? ByteLevelBpe.Nfc : "null",
            PreTokenizer = qwen ? PreTokenizers.Qwen2 : ByteLevelBpe.SplitsDigits(vocabulary.Keys) ? PreTokenizers.Digits : PreTokenizers.Gpt2,
            Prefix = Edge("<s>"),
            Suffix = Edge("</s>"),
        }.ToJson();
    }

    private byte[] SentencePiece(string file)
    {
        SentencePieceModel model = SentencePieceModel.Read(Bytes(file, TokenizerJson.LargestFile), At(file));
        IReadOnlyList<SentencePiece> pieces = IsXlmRoberta ? XlmRoberta(model.Pieces) : model.Pieces;
        AddedToken[] Edge(string? name) => name is not null && pieces.ToList().FindIndex(piece => piece.Text == name) is >= 0 and int id ? [new(id, name)] : [];
        if (!model.IsBpe)
        {
            bool t5 = Class.StartsWith("T5", StringComparison.OrdinalIgnoreCase) || Class == "mt5";
            return SentencePieceTokenizer.Unigram(model, pieces, Edge(IsXlmRoberta ? "<s>" : Settings?.Cls), Edge(IsXlmRoberta || t5 ? "</s>" : Settings?.Sep));
        }

        // Since 2023 a folder says "legacy": false where a space is put at the very beginning alone.
        PrefixSpace prefix = !model.AddDummyPrefix ? PrefixSpace.Never : Flag("legacy") == false ? PrefixSpace.First : PrefixSpace.Always;
        AddedToken[] before = Flag("add_bos_token") == false ? [] : Edge(Settings?.Bos ?? "<s>");
        AddedToken[] after = Flag("add_eos_token") == true ? Edge(Settings?.Eos ?? "</s>") : [];
        return SentencePieceTokenizer.Bpe(pieces, prefix, before, after);
    }

    /// <summary>XLM-RoBERTa counts otherwise than its file: four special tokens, the file's pieces after its first three, and the mask.</summary>
    private static List<SentencePiece> XlmRoberta(IReadOnlyList<SentencePiece> pieces) =>
    [
        new("<s>", 0, SentencePieceKind.Control), new("<pad>", 0, SentencePieceKind.Control), new("</s>", 0, SentencePieceKind.Control),
        new("<unk>", 0, SentencePieceKind.Unknown),
        .. pieces.Skip(3), new("<mask>", 0, SentencePieceKind.Control),
    ];

    /// <summary>The tokens that <c>tokenizer_config.json</c> lists beside the vocabulary.</summary>
    private List<AddedToken> ListedTokens()
    {
        List<AddedToken> tokens = [];
        if (_config.TryGetProperty("added_tokens_decoder", out JsonElement listed) && listed.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty token in listed.EnumerateObject())
            {
                if (int.TryParse(token.Name, out int id) && token.Value.ValueKind == JsonValueKind.Object
                    && TokenizerJson.Text(token.Value, "content") is { } content)
                {
                    bool Is(string name) => TokenizerJson.Flag(token.Value, name);
                    tokens.Add(new(id, content, Is("special"), Is("normalized"), Is("lstrip"), Is("rstrip"), Is("single_word")));
                }
            }
        }

        return tokens;
    }

    private static bool LooksSpecial(string token) =>
        token is "<s>" or "</s>" or "<pad>" or "<unk>" or "<mask>"
            || (token.StartsWith("<|", StringComparison.Ordinal) && token.EndsWith("|>", StringComparison.Ordinal));

    private static TokenizerSettings Merge(TokenizerSettings first, TokenizerSettings second) => first with
    {
        Bos = first.Bos ?? second.Bos,
        Eos = first.Eos ?? second.Eos,
        Pad = first.Pad ?? second.Pad,
        Unk = first.Unk ?? second.Unk,
        Cls = first.Cls ?? second.Cls,
        Sep = first.Sep ?? second.Sep,
        Mask = first.Mask ?? second.Mask,
    };

    private bool? Flag(string name) =>
        _config.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;

    private JsonElement Config(string file)
    {
        if (!Has(file))
        {
            using JsonDocument nothing = JsonDocument.Parse("{}");
            return nothing.RootElement.Clone();
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(Bytes(file, LargestConfig));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone()
                : throw new TokenizerException($"{At(file)}: no JSON object.");
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"{At(file)}: no JSON ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }

    private string At(string file) => Path.Combine(_folder, file);

    private bool Has(string file) => File.Exists(At(file));

    private string Text(string file)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes(file, TokenizerJson.LargestFile));
        }
        catch (DecoderFallbackException e)
        {
            throw new TokenizerException($"{At(file)}: it is not UTF-8.", e);
        }
    }

    private byte[] Bytes(string file, long most)
    {
        try
        {
            long length = new FileInfo(At(file)).Length;
            byte[] bytes = length <= most ? File.ReadAllBytes(At(file))
                : throw new TokenizerException($"{At(file)}: {length:N0} bytes are more than {most:N0}, which no such file has.");
            return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{At(file)}: it cannot be read ({e.Message}).", e);
        }
    }
}
