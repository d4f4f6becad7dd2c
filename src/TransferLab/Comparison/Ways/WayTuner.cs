using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Tunes the model of a comparison on its training questions: all of them, since a fact that is held out is a fact that was never taught.</summary>
internal sealed class WayTuner(QuestionSet data, string model, AnswerOptions options, ComputeDevice compute, OraclePassages? oracle)
{
    private const double WithoutRight = 0.2; // Share of RAFT's rows whose passages lack the right one, so that the model learns not to lean on them blindly.
    private const int CorpusTokens = 256;

    /// <summary>A folder that an earlier tuning wrote, from which it goes on; null to begin anew.</summary>
    public string? From { get; init; }

    /// <summary>Tunes, and writes the folder that <see cref="LanguageModel.Open"/> opens.</summary>
    /// <param name="strategy">How.</param>
    /// <param name="seed">Order and adapters.</param>
    /// <param name="folder">What is there of an unfinished one goes on; its <c>checkpoint.safetensors</c> does.</param>
    /// <param name="fingerprint">Names all that decides it.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops within a step.</param>
    public TunedRecord Tune(TransferStrategy strategy, int seed, string folder, string fingerprint, IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        using PeakMemory memory = new();
        string checkpoint = Path.Combine(folder, "checkpoint.safetensors");
        string? adapter = From is { } from && Directory.Exists(Path.Combine(from, TunedFolder.Adapter)) ? Path.Combine(from, TunedFolder.Adapter) : null;
        LanguageModelTrainer trainer = new(From is null || adapter is not null ? model : Path.Combine(From, TunedFolder.Model))
        {
            From = adapter,
            Tuning = options.Tuning,
            Seed = seed,
            Compute = compute,
            Checkpoint = options.OutputFolder is null ? null : new() { Path = checkpoint, Fingerprint = fingerprint, Every = options.KeepEvery },
        };
        ChatEncoder chat = trainer.Chat
            ?? throw new ArgumentException(
                $"{trainer.Card.Name} has no chat template: it goes on from texts, and does not answer; take a model that was taught to talk.");
        ChatExamples rows = ChatExamples.Of(Rows(strategy, seed, conversation => chat.Encode(conversation).Ids.Length <= trainer.MaxRow), chat, trainer.MaxRow);
        if (rows.Rows.Count == 0)
        {
            throw new DataException(
                $"{data.Name}: none of the {data.Train.Count} training questions can be tuned on: {string.Join("; ", rows.Dropped.Take(3))}.");
        }

        Example[]? corpus = From is null && strategy.Name == AnswerWay.DomainAdaptive
            ? CorpusExamples.Blocks(options.Documents.Select(passage => passage.Text), trainer.Tokenizer, CorpusTokens)
            : null;
        using TunedLanguageModel tuned = trainer.Tune(strategy, rows.Rows, heldOut: [], corpus, progress, cancellation);
        tuned.Save(folder, new(data.Name, "not stated", rows.Rows.Count, 0, rows.Tokens, rows.TrainedTokens));
        File.Delete(checkpoint);
        return new()
        {
            Fingerprint = fingerprint,
            Time = tuned.Time,
            Curve = tuned.Curve,
            Settings = tuned.Settings,
            Trainable = tuned.Plan.TrainableParameters,
            Dropped = rows.Dropped,
            PeakMemoryBytes = memory.Bytes,
            Tokens = options.Tuning.Epochs * (rows.Tokens + (corpus?.Sum(block => (long)((CompletionTarget)block.Target).Ids.Count) ?? 0)),
        };
    }

    private Conversation[] Rows(TransferStrategy strategy, int seed, Predicate<Conversation> fits)
    {
        if (strategy.Name != AnswerWay.Raft)
        {
            return [.. data.Train.Select(question => question.Whole)];
        }

        AnswerContext context = new(passages: options.Passages, prompt: options.Prompt);
        return [.. data.Train.Select((question, i) =>
            context.With(question.Whole, Shown(question, new Random(Seeds.Mix(seed, "raft", i))), fits).Conversation)];
    }

    /// <summary>The right passage among others that were found for the question, in any order; in a share of the rows the others alone.</summary>
    private RetrievedPassage[] Shown(Question question, Random random)
    {
        Passage right = oracle!.Right(question);
        bool isThere = random.NextDouble() >= WithoutRight;
        List<RetrievedPassage> shown = [.. options.Retriever!.Retrieve(question.Text, options.Passages + 1).Where(found => found.Passage.Id != right.Id)
            .Take(options.Passages - (isThere ? 1 : 0))];
        if (isThere)
        {
            shown.Insert(random.Next(shown.Count + 1), new(right, 0));
        }

        return [.. shown];
    }
}
