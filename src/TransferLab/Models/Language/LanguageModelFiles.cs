using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// The files of a language model, looked at and not yet in memory: a GGUF file, or a folder in the hub's layout. It makes networks, and knows tokenizer and
/// chat template.
/// </summary>
internal sealed record LanguageModelFiles
{
    /// <summary>File or folder.</summary>
    public required string Path { get; init; }

    /// <summary>Where it comes from.</summary>
    public required BackboneCard Card { get; init; }

    /// <summary>The network.</summary>
    public required PublishedLanguageModel Model { get; init; }

    /// <summary>How texts are split.</summary>
    public required TextTokenizer Tokenizer { get; init; }

    /// <summary>How conversations are written; null for a model that was never taught to talk.</summary>
    public required ChatTemplate? Template { get; init; }

    /// <summary>Ids at which an answer ends, besides the template's.</summary>
    public required IReadOnlyList<long> Ends { get; init; }

    /// <summary>Type of the weights in the file, such as Q4_1: that of most of them.</summary>
    public required string WeightType { get; init; }

    /// <summary>The metadata of a GGUF file; null for a folder.</summary>
    public GgufMetadata? Gguf { get; init; }

    /// <summary>The families that are known.</summary>
    public Registry Registry { get; init; } = Registry.Known;

    /// <summary>Opens files.</summary>
    /// <param name="path">A GGUF file, or a folder with <c>config.json</c>, weights and tokenizer.</param>
    /// <param name="registry">The families that are asked; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="WeightsException">Missing, damaged, or no language model that is known.</exception>
    /// <exception cref="TokenizerException">The tokenizer is missing, damaged or of a kind that is not read.</exception>
    /// <exception cref="ChatTemplateException">It has a chat template that is none of the known ones.</exception>
    public static LanguageModelFiles Open(string path, Registry? registry = null)
    {
        using PublishedModel model = PublishedModel.Open(path);
        PublishedLanguageModel found = Recognize(model, registry ?? Registry.Known);
        PublishedFiles.CheckSizes(model, found.Architecture, found.Weights);
        GgufFile? gguf = model.Weights as GgufFile;
        TextTokenizer tokenizer = gguf is null ? TextTokenizer.FromFolder(model.Folder) : TextTokenizer.FromGguf(gguf.Metadata.Values, path);
        if (tokenizer.VocabularySize > found.Vocabulary)
        {
            throw new WeightsException(
                $"{path}: its tokenizer knows {tokenizer.VocabularySize} tokens, and its network {found.Vocabulary}; the files do not belong together.");
        }

        return new()
        {
            Path = gguf?.Path ?? path, // Of a folder that holds a single GGUF file, the file.
            Card = PublishedCard.Of(model, found.Title),
            Model = found,
            Tokenizer = tokenizer,
            Template = gguf is null ? ChatTemplate.FromFolder(model.Folder) : ChatTemplate.FromGguf(gguf.Metadata.Values, path),
            Ends = EndsOf(model, tokenizer),
            WeightType = found.Weights.Tensors.Values.Where(tensor => tensor.Shape.Count > 1).GroupBy(tensor => tensor.Type)
                .MaxBy(type => type.Sum(tensor => tensor.Count))?.Key ?? "F32",
            Gguf = gguf?.Metadata,
            Registry = registry ?? Registry.Known,
        };
    }

    /// <summary>The backbone that trainers take: its body; see <see cref="FillHead"/>.</summary>
    public Backbone Backbone => new()
    {
        Card = Card,
        Architecture = Model.Architecture,
        Build = Model.Architecture.Build,
        LoadWeights = body => Fill(body.state_dict(), name => !IsHead(name)),
        FillsAll = true,
        Encoder = new CompletionEncoder(),
        Recipe = Model.Architecture.Architecture.Recipe,
    };

    /// <summary>The task: the next token.</summary>
    public LanguageTask Task => new(Model.Vocabulary);

    /// <summary>Fills an output layer that is not tied; nothing where it is.</summary>
    public void FillHead(TransferNetwork network)
    {
        Dictionary<string, Tensor> head = network.Head.State().ToDictionary(item => item.Name, item => item.Value);
        if (head.Count > 0)
        {
            Fill(head, IsHead);
        }
    }

    /// <summary>The network with its weights, float32. The caller owns it.</summary>
    public TransferNetwork CreateNetwork()
    {
        LibTorch.Load();
        using IDisposable noDraws = FirstWeights.AreRead();
        BackboneNetwork body = Model.Architecture.Build();
        TransferNetwork network = new(body, body.LanguageHead!());
        try
        {
            Fill(network.State(), _ => true);
            network.Evaluate();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Opens the weights under the network's names. The caller disposes them.</summary>
    public IWeightFile OpenWeights()
    {
        PublishedModel model = PublishedModel.Open(Path);
        try
        {
            return Recognize(model, Registry).Weights;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private void Fill(Dictionary<string, Tensor> targets, Predicate<string> isWanted)
    {
        using IWeightFile all = OpenWeights();
        StateDictionary.LoadStrict(targets, new MappedWeights(all).Rename(name => isWanted(name) ? name : null));
    }

    private static bool IsHead(string name) => name.StartsWith("lm_head.", StringComparison.Ordinal);

    private static PublishedLanguageModel Recognize(PublishedModel model, Registry registry)
    {
        foreach (Architecture architecture in registry.Architectures)
        {
            if (architecture.RecognizeLanguageModel(model) is { } found)
            {
                return found;
            }
        }

        string what = model.ModelType ?? (model.Weights as GgufFile)?.Metadata.Text("general.architecture") ?? "unknown";
        throw new WeightsException($"{model.Path}: is no language model of a known family but '{what}'; known are llama, mistral, qwen2 and qwen3.");
    }

    private static List<long> EndsOf(PublishedModel model, TextTokenizer tokenizer)
    {
        List<long> ends = [.. new[] { tokenizer.Specials.Eos }.OfType<long>()];
        if (model.Weights is GgufFile)
        {
            return ends;
        }

        PublishedConfig? generation = PublishedConfig.Read(System.IO.Path.Combine(model.Folder, "generation_config.json"));
        foreach (PublishedConfig config in new[] { generation, model.Config }.OfType<PublishedConfig>())
        {
            if (config.Value("eos_token_id") is { } value)
            {
                ends.AddRange(value.ValueKind == System.Text.Json.JsonValueKind.Array
                    ? config.Numbers("eos_token_id")!.Select(id => (long)id)
                    : [config.Int("eos_token_id", least: 0, most: 1 << 21)]);
            }
        }

        return [.. ends.Distinct()];
    }
}
