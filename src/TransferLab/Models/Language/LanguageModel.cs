using System.Runtime.CompilerServices;
using System.Threading.Channels;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// A language model that answers: network, tokenizer and chat template, from a GGUF file or a folder in the hub's layout. One call computes at a time; others
/// wait.
/// </summary>
/// <example><code>
/// using LanguageModel model = LanguageModel.Open("SmolLM2-135M-Instruct.Q4_1.gguf");
/// Console.WriteLine(model.Answer("What is the capital of France?"));
/// </code></example>
public sealed class LanguageModel : IDisposable
{
    private readonly LanguageModelFiles _files;
    private readonly TransferNetwork _network;
    private IDisposable _held;
    private readonly ComputeDevice _compute;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<long> _ends;

    internal LanguageModel(LanguageModelFiles files, TransferNetwork network, ComputeDevice compute)
    {
        (_files, _network, _compute) = (files, network, compute);
        network.MoveTo(compute.Device);
        network.Evaluate();
        foreach (TorchSharp.Modules.Parameter parameter in network.Parameters)
        {
            parameter.requires_grad = false;
        }

        _held = network.HoldFrozen(Type);
        Chat = files.Template is { } template ? new(template, files.Tokenizer) : null;
        _ends = [.. files.Ends, .. new[] { Chat?.EndOfTurn }.OfType<long>()];
    }

    /// <summary>Where it comes from.</summary>
    public BackboneCard Card => _files.Card;

    /// <summary>How texts are split.</summary>
    public TextTokenizer Tokenizer => _files.Tokenizer;

    /// <summary>How conversations become tokens; null for a model that was never taught to talk.</summary>
    public ChatEncoder? Chat { get; }

    /// <summary>Longest text, tokens.</summary>
    public int MaxTokens => _files.Model.MaxTokens;

    /// <summary>Where its weights are, adapters apart: a file or a folder.</summary>
    public string BasePath => _files.Path;

    /// <summary>All parameters.</summary>
    public long Parameters => _network.Parameters.Sum(parameter => parameter.numel());

    /// <summary>What is shown beside every question; null for nothing. Of a saved way, what it was scored with.</summary>
    public AnswerContext? Context { get; private init; }

    /// <summary>How it writes where nobody says: greedily; of a saved way, up to as many tokens as it was scored with.</summary>
    public GenerationOptions Defaults { get; private init; } = new();

    /// <summary>The type that it computes in: float32 or bfloat16.</summary>
    internal string Precision => _compute.Precision;

    internal TransferNetwork Network => _network;

    internal LanguageModelFiles Files => _files;

    private ScalarType Type => _compute.TypeFor(_network.Backbone);

    /// <summary>Whether low-rank adapters stand beside the weights.</summary>
    public bool HasAdapter => _network.Adapters is not null;

    /// <summary>Whether they count; switched off, the model answers as it did before tuning.</summary>
    public bool UsesAdapter
    {
        get => HasAdapter && _network.UsesAdapters;
        set => _network.UsesAdapters = value;
    }

    /// <summary>Opens a model.</summary>
    /// <param name="path">A GGUF file, a folder with <c>config.json</c>, weights and tokenizer, or a folder that tuning wrote.</param>
    /// <param name="compute">
    /// Where, and in which type; where not given, a saved way in the type that it was scored in, and any other model on a CPU in float32.
    /// </param>
    /// <param name="registry">The families that are known; <see cref="Registry.Known"/> where not given.</param>
    /// <param name="adapter">Adapters to put beside its weights: a folder in PEFT's layout, or a GGUF adapter for this very GGUF file; null for none.</param>
    /// <param name="openIndex">Opens the index of a saved way that looks passages up, as TransferLab.Retrieval does; the model disposes it.</param>
    /// <exception cref="WeightsException">Missing, damaged, or no language model that is known: one line.</exception>
    /// <exception cref="TokenizerException">Its tokenizer cannot be read.</exception>
    /// <exception cref="ChatTemplateException">Its chat template is none of the known ones.</exception>
    public static LanguageModel Open(string path, ComputeDevice? compute = null, Registry? registry = null, string? adapter = null, Func<string,
        IPassageRetriever>? openIndex = null)
    {
        SavedWay? way = SavedWay.IsIn(path) ? SavedWay.Read(path) : null;
        AnswerContext? context = way?.Context(path, openIndex);
        (path, string? own) = TunedFolder.Resolve(path);
        adapter ??= own;
        LanguageModelFiles files = LanguageModelFiles.Open(path, registry);
        TransferNetwork network = files.CreateNetwork();
        try
        {
            if (adapter is not null)
            {
                AdapterFiles.Load(adapter, network, files.Model.Architecture);
            }

            compute ??= way is null ? ComputeDevice.ForAnswers() : ComputeDevice.Choose(precision: way.Precision);
            return new(files, network, compute) { Context = context, Defaults = way is null ? new() : new() { MaxTokens = way.AnswerTokens } };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Adds the adapters to the weights for good: a little faster, and they can no longer be switched off or saved alone. Nothing where there are
    /// none.</summary>
    public void MergeAdapter()
    {
        _held.Dispose();
        _network.Merge();
        _held = _network.HoldFrozen(Type);
    }

    /// <summary>Writes the adapters alone, a few megabytes, in PEFT's layout.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public void SaveAdapter(string folder) => new LanguageModelExport(this).Adapter(folder);

    /// <summary>Writes the adapters alone as GGUF, for llama.cpp and what builds on it to load over the very file that was tuned.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    /// <exception cref="ArgumentException">It was no GGUF file.</exception>
    public void SaveGgufAdapter(string path) => new LanguageModelExport(this).GgufAdapter(path);

    /// <summary>Writes the whole model, adapters merged, as a folder in the hub's layout.</summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="type">Of the weights: float32, bfloat16 or float16.</param>
    public void SaveFolder(string folder, ScalarType type = ScalarType.Float32) => new LanguageModelExport(this).Folder(folder, type);

    /// <summary>Writes the whole model, adapters merged, as a GGUF file with tokenizer and chat template.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">Of the matrices: F32, F16, BF16, Q8_0, Q5_0, Q5_1, Q4_0 or Q4_1.</param>
    /// <exception cref="ArgumentException">Another type.</exception>
    public void SaveGguf(string path, string type = "F16") => new LanguageModelExport(this).Gguf(path, type);

    /// <summary>The answer to a question.</summary>
    public string Answer(string question, GenerationOptions? options = null) =>
        Complete(new Conversation([new(Role.User, question)]), options).Text;

    /// <summary>The next turn of a conversation.</summary>
    public Completion Complete(Conversation conversation, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Complete([conversation], options, cancellation)[0];

    /// <summary>The next turns of several conversations, computed together.</summary>
    /// <exception cref="InvalidOperationException">The model has no chat template.</exception>
    /// <exception cref="ArgumentException">A conversation leaves no room for an answer.</exception>
    public IReadOnlyList<Completion> Complete(IReadOnlyList<Conversation> conversations, GenerationOptions? options = null, CancellationToken cancellation =
        default) =>
        Continue([.. conversations.Select(Prompt)], options, onText: null, cancellation);

    /// <summary>The next turn of a conversation as it is written, piece by piece; the last has the whole in its
    /// <see cref="CompletionPiece.Completion"/>.</summary>
    public async IAsyncEnumerable<CompletionPiece> StreamAsync(
        Conversation conversation, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long[] prompt = Prompt(conversation);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<CompletionPiece> pieces = Channel.CreateUnbounded<CompletionPiece>();
        Task writing = Task.Run(
            () =>
            {
                try
                {
                    Completion whole = Continue([prompt], options, (_, text) => pieces.Writer.TryWrite(new(text, null)), stop.Token)[0];
                    pieces.Writer.TryWrite(new("", whole));
                    pieces.Writer.Complete();
                }
                catch (Exception e)
                {
                    pieces.Writer.Complete(e);
                }
            },
            CancellationToken.None);
        try
        {
            await foreach (CompletionPiece piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return piece;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    /// <summary>Goes on from texts as they are, without a chat template.</summary>
    public IReadOnlyList<Completion> CompleteText(IReadOnlyList<string> texts, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        Continue([.. texts.Select(text => Tokenizer.Encode(text))], options, onText: null, cancellation);

    /// <summary>Goes on from token ids.</summary>
    internal IReadOnlyList<Completion> Continue(
        IReadOnlyList<long[]> prompts, GenerationOptions? options, Action<int, string>? onText, CancellationToken cancellation)
    {
        options ??= Defaults;
        _turn.Wait(cancellation);
        try
        {
            AnswerText[] answers = [.. prompts.Select((_, i) => new AnswerText(Tokenizer, options.Stop, _ends, text => onText?.Invoke(i, text)))];
            TokenGenerator generator = new(_network, _compute.Device, Type, MaxTokens);
            IReadOnlyList<IReadOnlyList<long>> ids = generator.Generate(prompts, options, (row, id) => answers[row].Add(id), cancellation);
            return [.. answers.Select((answer, i) => answer.Done(prompts[i].Length, ids[i]))];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The mean loss of the tokens to be predicted, natural logarithms, in float32 whatever the model computes in: lower is better.</summary>
    /// <param name="examples">Of <see cref="CompletionTarget"/>, such as conversations that were never trained.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public double MeanLoss(IReadOnlyList<Example> examples, CancellationToken cancellation = default) =>
        Evaluate(examples, ScalarType.Float32, progress: null, cancellation).Loss;

    /// <summary>Greedy ids after a prompt, in float32 whatever the model computes in; end tokens do not end them.</summary>
    internal IReadOnlyList<long> ContinueExactly(long[] prompt, GenerationOptions options, CancellationToken cancellation) =>
        new TokenGenerator(_network, _compute.Device, ScalarType.Float32, MaxTokens).Generate([prompt], options, (_, _) => true, cancellation)[0];

    /// <summary>The mean loss of the tokens to be predicted in texts, and how many there are; and the share of them that the model ranks first.</summary>
    /// <param name="examples">Of <see cref="CompletionTarget"/>.</param>
    /// <param name="type">In which it computes; as the model does where null.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    internal (double Loss, double Accuracy, long Tokens) Evaluate(
        IReadOnlyList<Example> examples, ScalarType? type = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        const int batchSize = 16;
        using IDisposable noGradient = no_grad();
        ObjectiveContext context = new(_network, _files.Task, FrozenPrefix: 0);
        CompletionEncoder encoder = new();
        (double loss, double score, double count, int done) = (0, 0, 0, 0);
        foreach (Example[] batch in Batches.Plain(examples, batchSize, encoder))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Batch x = encoder.Normalize(encoder.Encode(batch, null, cancellation), _compute.Device, type
                ?? Type) with
            { Targets = _files.Task.Targets(batch, _compute.Device) };
            (double batchLoss, double batchScore) = Objective.NextToken.Validate(context, x);
            (loss, score, count) = (loss + batchLoss, score + batchScore, count + Objective.NextToken.Count(x));
            progress?.Report((double)(done += batch.Length) / examples.Count);
        }

        return (loss / count, score / count, (long)count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.Dispose();
        _network.Dispose();
        _turn.Dispose();
        (Context?.Retriever as IDisposable)?.Dispose();
    }

    /// <summary>Tokens that are read for a conversation, with all that is shown beside it.</summary>
    /// <exception cref="InvalidOperationException">The model has no chat template.</exception>
    public int CountPrompt(Conversation conversation) => Prompt(conversation).Length;

    /// <summary>Whether a conversation leaves room for an answer of the usual length.</summary>
    internal bool Fits(Conversation conversation, int answerTokens) => Template.Prompt(conversation).Length + answerTokens <= MaxTokens;

    private ChatEncoder Template => Chat
        ?? throw new InvalidOperationException($"{Card.Name} has no chat template: it goes on from texts, and does not answer.");

    private long[] Prompt(Conversation conversation) =>
        Template.Prompt(Context is null ? conversation : Context.Of(conversation, whole => Fits(whole, Defaults.MaxTokens)).Conversation);
}
