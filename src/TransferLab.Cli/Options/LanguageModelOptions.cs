using System.CommandLine;
using TransferLab.Data;
using TransferLab.Hub;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that name a language model, and its opening.</summary>
internal sealed class LanguageModelOptions
{
    private readonly Option<string?> _model = new("--model") { Description = $"The language model: {ModelResolver.Grammar}", HelpName = "M" };
    private readonly Option<string?> _root = new("--data-root")
    {
        Description = $"Where catalogued files lie; {Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };
    private readonly Option<string?> _adapter = new("--adapter")
    {
        Description = "What tuning wrote, beside the model's weights: a folder in PEFT's layout, or a GGUF adapter for this very GGUF file",
        HelpName = "DIR|FILE",
    };
    private readonly ComputeOptions _compute = new();

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_model, _adapter, _root, .. _compute.All];

    /// <summary>Opens a model that answers; fetches one of the hub that is not here. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">None is named, or it is none that answers.</exception>
    public (LanguageModel Model, ModelSource Source) Open(ParseResult arguments, CancellationToken cancellation)
    {
        string given = arguments.GetValue(_model)
            ?? throw new ArgumentException(
                "--model: name a language model, such as smollm2_135m_instruct of the catalogue, a GGUF file, a folder of the hub's layout, or "
                    + "hf:HuggingFaceTB/SmolLM2-135M-Instruct, which is fetched.");
        ModelSource source = new ModelResolver(arguments.GetValue(_root), cancellation).FindLanguageModel(given);
        string? adapter = arguments.GetValue(_adapter);
        if (adapter is not null && !Path.Exists(adapter))
        {
            string how = HubReference.IsReference(adapter) ? ": download that one, and name its folder" : "";
            throw new ArgumentException(
                $"--adapter {adapter}: there is no such folder or file; an adapter is a folder in PEFT's layout or a GGUF file on this machine{how}.");
        }

        string? kept = SavedWay.IsIn(source.Path!) ? SavedWay.Read(source.Path!).Precision : null;
        LanguageModel model = LanguageModel.Open(source.Path!, _compute.Choose(arguments, answers: true, kept), adapter: adapter, openIndex: Library.OpenIndex);
        if (model.Chat is not null)
        {
            return (model, source);
        }

        model.Dispose();
        throw new ArgumentException(
            $"--model {given}: has no chat template: it goes on from texts, and does not answer; take a model that was taught to talk (its name often ends in "
                + $"Instruct).");
    }

    /// <summary>What a person must know of a model before relying on it, a line each.</summary>
    public static IEnumerable<string> Describe(LanguageModel model, ModelSource source, GenerationOptions options)
    {
        ChatTemplate template = model.Chat!.Template;
        string licence = source.Known?.Licence ?? model.Card.Licence;
        yield return Say($"model     {source.Name} ({model.Card.Architecture})");
        if (model.HasAdapter)
        {
            yield return Say($"adapter   {source.Path}: beside the weights, which stay as they are");
        }

        if (model.Context is { Retriever: { } retriever } context)
        {
            yield return Say($"passages  {context.Passages} are looked up by {retriever.Name} and shown beside every question");
        }
        else if (model.Context is { Shots: > 0 } shown)
        {
            yield return Say($"examples  the {shown.Shots} most alike of {shown.Examples.Count:N0} are shown before every question");
        }

        yield return Say($"licence   {licence}{(source.Origin is { } origin ? $"; {origin}" : "")}");
        yield return template.DefaultSystem is { } system
            ? Say($"template  {template.Name}; without a system turn it writes its own, '{system}', {model.Chat.DefaultSystemTokens} tokens a conversation")
            : Say($"template  {template.Name}; without a system turn it writes "
                + $"{(model.Chat.DefaultSystemTokens > 0 ? $"{model.Chat.DefaultSystemTokens} tokens of its own" : "none")}");
        yield return Say(
            $"reads     {model.MaxTokens:N0} tokens, an answer of at most {options.MaxTokens:N0} included; "
                + $"{(options.Temperature == 0 ? "takes the likeliest token every time" : $"draws at a temperature of {options.Temperature}, seed {options.Seed}")}");
    }

    private static string Say(InvariantText text) => text.ToString();
}
