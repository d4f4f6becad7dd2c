using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>Tunes language models on conversations or plain texts, by the strategies that train everything else and through the same trainer.</summary>
/// <example><code>
/// LanguageModelTrainer trainer = new("SmolLM2-135M-Instruct.Q4_1.gguf");
/// using TunedLanguageModel tuned = trainer.Tune(TransferStrategy.LowRank(), ConversationFile.Read("answers.jsonl"));
/// tuned.Save("tuned/");
/// Console.WriteLine(tuned.Model.Answer("Where is the town hall?"));
/// </code></example>
public sealed class LanguageModelTrainer
{
    private const double HeldOutShare = 0.1;
    private readonly LanguageModelFiles _files;

    /// <summary>Looks at a model.</summary>
    /// <param name="path">A GGUF file, or a folder in the hub's layout.</param>
    /// <param name="registry">The families that are known; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="Networks.Weights.WeightsException">Missing, damaged, or no language model that is known.</exception>
    public LanguageModelTrainer(string path, Registry? registry = null) : this(LanguageModelFiles.Open(TunedFolder.Whole(path), registry))
    {
    }

    internal LanguageModelTrainer(LanguageModelFiles files)
    {
        _files = files;
        Chat = files.Template is { } template ? new(template, files.Tokenizer) : null;
    }

    /// <summary>Where the model comes from.</summary>
    public BackboneCard Card => _files.Card;

    /// <summary>How conversations become tokens; null for a model that was never taught to talk.</summary>
    public ChatEncoder? Chat { get; init; }

    /// <summary>Epochs, batches and rates.</summary>
    public LanguageTuning Tuning { get; init; } = new();

    /// <summary>Longest row, tokens; longer ones are dropped. Null for what the model reads.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Decides order, adapters and what is held out.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where, and in which type; null for what suits the machine.</summary>
    public ComputeDevice? Compute { get; init; }

    /// <summary>Where an unfinished run is kept, and resumed from; null for nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>Adapters that training goes on from, a folder in PEFT's layout; null to begin anew.</summary>
    public string? From { get; init; }

    /// <summary>Tunes on conversations.</summary>
    /// <param name="strategy">Such as <see cref="TransferStrategy.LowRank"/>; what trains a new head alone is refused.</param>
    /// <param name="conversations">The rows.</param>
    /// <param name="heldOut">Rows that are never trained; null holds a tenth out, near-duplicates together.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="DataException">No row can be used.</exception>
    /// <exception cref="ArgumentException">The strategy does not suit.</exception>
    public TunedLanguageModel Tune(
        TransferStrategy strategy, IReadOnlyList<Conversation> conversations, IReadOnlyList<Conversation>? heldOut = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        (ChatExamples train, ChatExamples test) = Encode(conversations, heldOut);
        return Tune(strategy, train.Rows, test.Rows, corpus: null, progress, cancellation);
    }

    /// <summary>The rows as they will be trained, and those that are held out: what there is to see before a second is spent.</summary>
    public (ChatExamples Train, ChatExamples HeldOut) Encode(IReadOnlyList<Conversation> conversations, IReadOnlyList<Conversation>? heldOut = null)
    {
        ChatEncoder chat = Chat ?? throw new InvalidOperationException($"{Card.Name} has no chat template; name one, or tune it on plain texts.");
        (IReadOnlyList<Conversation> rows, IReadOnlyList<Conversation> test) = heldOut is null
            ? ConversationSplit.HoldOut(conversations, HeldOutShare, Seed)
            : (conversations, heldOut);
        return (NotEmpty(ChatExamples.Of(rows, chat, MaxRow), "training"), NotEmpty(ChatExamples.Of(test, chat, MaxRow), "held-out"));
    }

    /// <summary>Tunes on examples that are encoded already.</summary>
    /// <param name="strategy">As above.</param>
    /// <param name="train">Examples of <see cref="CompletionTarget"/>.</param>
    /// <param name="heldOut">Those that are never trained.</param>
    /// <param name="corpus">Plain texts to read on in first; null for none.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <returns>The caller disposes it.</returns>
    public TunedLanguageModel Tune(
        TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut, IReadOnlyList<Example>? corpus = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        LibTorch.Load();
        ComputeDevice compute = Compute ?? ComputeDevice.Choose();
        TrainingOptions options = new()
        {
            HeldOut = heldOut,
            Unlabeled = corpus,
            Checkpoint = Checkpoint,
            Prepare = _files.FillHead,
            PrepareAdapters = From is { } from ? network => AdapterFiles.Fill(from, network.Adapters!) : null,
        };
        Trainer trainer = new(_files.Backbone, compute, new FeatureCache(), options);
        TransferStrategy tuned = Tuning.Apply(strategy);
        TrainingOutcome outcome = trainer.Fit(corpus is null ? tuned : LanguageTuning.AfterReading(tuned), train, _files.Task, Seed, progress, cancellation);
        return new(new LanguageModel(_files, outcome.Network, compute), strategy, outcome);
    }

    /// <summary>What tuning will take. Builds the network once, and throws it away.</summary>
    public TuningEstimate Estimate(TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut)
    {
        LibTorch.Load();
        using TransferNetwork network = Random();
        Phase phase = Tuning.Apply(strategy).Phases[^1];
        network.Adapt(phase, Seed);
        FreezePlan plan = FreezePlan.Apply(network, phase);
        return TuningEstimate.Of(
            plan.TotalParameters, plan, Tuning, _files.Model.Vocabulary, network.Backbone.FeatureWidth, network.Backbone.Groups.Count, train, heldOut, Compute
                ?? ComputeDevice.Choose());
    }

    private TransferNetwork Random()
    {
        using IDisposable noDraws = FirstWeights.AreRead(); // Only counted.
        BackboneNetwork body = _files.Backbone.CreateRandom(Seed);
        return new(body, body.LanguageHead!());
    }

    /// <summary>Longest row that is taken, tokens.</summary>
    internal int MaxRow => Math.Min(MaxTokens ?? int.MaxValue, _files.Model.MaxTokens);

    /// <summary>How the model splits texts.</summary>
    public TextTokenizer Tokenizer => _files.Tokenizer;

    private static ChatExamples NotEmpty(ChatExamples examples, string what) => examples.Rows.Count > 0 ? examples
        : throw new DataException($"None of the {examples.Dropped.Count} {what} rows can be used: {string.Join("; ", examples.Dropped.Take(3))}.");
}
