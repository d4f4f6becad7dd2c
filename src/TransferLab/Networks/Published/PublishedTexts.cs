using System.Text.Json;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>
/// How texts reach a published encoder and become one vector: what the user says, else the files of sentence encoders (<c>modules.json</c>, the configuration
/// of its pooling, <c>sentence_bert_config.json</c>, <c>config_sentence_transformers.json</c>), else the usual.
/// </summary>
internal sealed record PublishedTexts
{
    private const int UsualTokens = 512, FewestTokens = 3, MostModules = 64;
    private const long LargestModules = 1 << 20;

    private PublishedTexts()
    {
    }

    /// <summary>How texts are split.</summary>
    public required TextEncoder Encoder { get; init; }

    /// <summary>How tokens become one vector.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>What was assumed or left out, for people.</summary>
    public required string Assumed { get; init; }

    /// <summary>Reads the tokenizer and the configuration of a model's folder.</summary>
    /// <param name="model">The files.</param>
    /// <param name="longest">Positions that the network has.</param>
    /// <param name="vocabulary">Rows of its table of words.</param>
    /// <param name="usual">Pooling where no file says it.</param>
    /// <exception cref="WeightsException">Something is missing, damaged or does not fit.</exception>
    public static PublishedTexts Of(PublishedModel model, int longest, int vocabulary, Pooling usual = Pooling.Mean)
    {
        List<string> assumed = [];
        string? folder = model.Weights is GgufFile ? null : model.Folder; // A GGUF file says all itself; what lies beside it is of others.
        IReadOnlyList<(string Type, string Path)> modules = folder is null ? [] : Modules(folder);
        Pooling pooling = model.Options.Pooling ?? PoolingOf(model, folder, modules, usual, assumed);
        PublishedConfig? sentences = Beside(folder, "sentence_bert_config.json");
        TextTokenizer tokenizer = Tokenizer(model);
        if (tokenizer.VocabularySize > vocabulary)
        {
            throw new WeightsException(
                $"{tokenizer.Origin}: has {tokenizer.VocabularySize:N0} tokens, and the network's table of words {vocabulary:N0}; it belongs to another "
                    + $"model.");
        }

        if (sentences?.Flag("do_lower_case", false) == true && !tokenizer.Kind.Contains("lower", StringComparison.Ordinal))
        {
            assumed.Add("texts are not put into lower case first, as its configuration asks");
        }

        int most = MaxTokens(model, longest, Math.Min(longest, sentences?.Has("max_seq_length") == true
            ? sentences.Int("max_seq_length", FewestTokens, 1 << 30)
            : Usual(tokenizer, longest, assumed)));
        return new() { Encoder = new(tokenizer, most, Prefix(model, folder, assumed)), Pooling = pooling, Assumed = string.Join("; ", assumed) };
    }

    private static PublishedConfig? Beside(string? folder, string file) => folder is null ? null : PublishedConfig.Read(Path.Combine(folder, file));

    private static int Usual(TextTokenizer tokenizer, int longest, List<string> assumed)
    {
        int most = Math.Min(longest, tokenizer.MaxLength is { } length and >= FewestTokens ? length : int.MaxValue);
        if (most > UsualTokens)
        {
            assumed.Add($"texts of at most {UsualTokens} tokens, of {most} that it could read");
        }

        return Math.Min(most, UsualTokens);
    }

    private static int MaxTokens(PublishedModel model, int longest, int usual) => model.Options.MaxTokens switch
    {
        null => usual,
        { } given when given >= FewestTokens && given <= longest => given,
        { } given =>
            throw new WeightsException($"{model.Path}: texts of {given} tokens do not fit; the network has positions for {FewestTokens} to {longest}."),
    };

    private static TextTokenizer Tokenizer(PublishedModel model)
    {
        try
        {
            return model.Weights is GgufFile gguf ? TextTokenizer.FromGguf(gguf.Metadata.Values, model.Path) : TextTokenizer.FromFolder(model.Folder);
        }
        catch (Exception e) when (e is TokenizerException or PlatformNotSupportedException)
        {
            throw new WeightsException(e is TokenizerException ? e.Message : $"{model.Path}: {e.Message}", e);
        }
    }

    private static Pooling PoolingOf(PublishedModel model, string? folder, IReadOnlyList<(string Type, string Path)> modules, Pooling usual,
        List<string> assumed)
    {
        foreach ((string type, _) in modules.Where(module => module.Type is not ("Transformer" or "Pooling")))
        {
            assumed.Add(type == "Normalize" ? "features keep their length" : $"its module '{type}' is left out");
        }

        string inner = modules.FirstOrDefault(module => module.Type == "Pooling") is { Path: { } path } ? path : "1_Pooling";
        PublishedConfig? config = Beside(folder, Path.Combine(inner, "config.json"));
        string[] modes = config is null
            ? []
            : [.. config.Keys.Where(key => key.StartsWith("pooling_mode_", StringComparison.Ordinal)
                && config.Flag(key, false)).Select(key => key["pooling_mode_".Length..])];
        modes = config?.Text("pooling_mode") is { } mode ? [mode] : modes;
        Pooling? said = modes switch
        {
            ["mean_tokens" or "mean"] => Pooling.Mean,
            ["cls_token" or "cls"] => Pooling.First,
            ["lasttoken"] => Pooling.Last,
            _ => null,
        };
        if (said is null)
        {
            string how = usual switch { Pooling.Mean => "the mean of a text's tokens", Pooling.First => "a text's first token", _ => "a text's last token" };
            assumed.Insert(0, modes.Length == 0 ? how : $"{how}, and not its pooling '{string.Join(" and ", modes)}', which is not built");
        }

        return said ?? usual;
    }

    private static string Prefix(PublishedModel model, string? folder, List<string> assumed)
    {
        if (model.Options.Prefix is { } given)
        {
            return given;
        }

        PublishedConfig? config = Beside(folder, "config_sentence_transformers.json");
        PublishedConfig? prompts = config?.Inner("prompts");
        string[] named = prompts is null ? [] : [.. prompts.Keys.Where(name => prompts.Text(name) is { Length: > 0 })];
        if (config?.Text("default_prompt_name") is { } usual)
        {
            return prompts?.Text(usual) ?? throw new WeightsException($"{config.File}: its prompts lack '{usual}', the default.");
        }

        if (named.Length > 0)
        {
            assumed.Add($"nothing is put before texts; it has prompts for {string.Join(", ", named.Select(name => $"{name} ('{prompts!.Text(name)}')"))}");
        }

        return "";
    }

    /// <summary>Kinds and folders of a sentence encoder's modules; empty where it is none.</summary>
    private static IReadOnlyList<(string Type, string Path)> Modules(string folder)
    {
        string file = Path.Combine(folder, "modules.json");
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            using JsonDocument document = new FileInfo(file).Length <= LargestModules
                ? JsonDocument.Parse(File.ReadAllBytes(file))
                : throw new JsonException("it is too large");
            (string Type, string Path)[] modules =
                [.. document.RootElement.EnumerateArray().Select(module =>
                    (module.GetProperty("type").GetString()!.Split('.')[^1], module.GetProperty("path").GetString()!))];
            return modules.Length <= MostModules
                && modules.All(module => !Path.IsPathRooted(module.Path) && !module.Path.Contains("..", StringComparison.Ordinal))
                ? modules
                : throw new WeightsException($"{file}: names folders outside of the model, or too many.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or NullReferenceException or IOException
            or UnauthorizedAccessException)
        {
            throw new WeightsException($"{file}: is no list of modules with type and path ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }
}
