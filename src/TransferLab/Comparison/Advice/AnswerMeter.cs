using System.Diagnostics;
using System.Text;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Comparison.Advice;

/// <summary>Looks at questions, documents and a model for well under a minute: losses alone, and nothing is generated or tuned.</summary>
public sealed class AnswerMeter
{
    private const int MostQuestions = 24, Blocks = 4, BlockTokens = 256, Room = 128, CountedRows = 500;
    private readonly QuestionSet _data;
    private readonly IReadOnlyList<Passage> _documents;
    private readonly IPassageRetriever? _retriever;

    /// <summary>A look at a task.</summary>
    /// <param name="data">The questions. Training rows are looked at, and test rows only where there is no other.</param>
    /// <param name="documents">What the documents hold; empty for none.</param>
    /// <param name="retriever">Looks passages up; null for none.</param>
    public AnswerMeter(QuestionSet data, IReadOnlyList<Passage> documents, IPassageRetriever? retriever) =>
        (_data, _documents, _retriever) = (data, documents, retriever);

    /// <summary>How many examples and passages are shown.</summary>
    public int Shown { get; init; } = 3;

    /// <summary>How long it looks at questions; whoever is under way is finished.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What can be seen without a model.</summary>
    /// <param name="changes">How often facts change.</param>
    public AnswerEvidence Look(FactChange changes) => new()
    {
        Data = _data.Name,
        TrainQuestions = _data.Train.Count,
        TestQuestions = _data.Test.Count,
        Passages = _documents.Count,
        Changes = changes,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };

    /// <summary>What can be seen with one.</summary>
    /// <param name="model">A model with a chat template.</param>
    /// <param name="changes">How often facts change.</param>
    /// <param name="cancellation">Stops between questions.</param>
    public AnswerEvidence Look(LanguageModel model, FactChange changes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        AnswerLosses losses = Losses(model, cancellation);
        TuningEstimate? tuning = Tuning(model);
        string[] texts = [.. _data.Train.Concat(_data.Test).Take(CountedRows).Select(question => $"{question.Text} {question.Reference}")];
        return Look(changes) with
        {
            Model = model.Card.Name,
            Parameters = model.Parameters,
            Losses = losses,
            PiecesAWord = texts.Sum(text => (double)Pieces(model, text)) / Math.Max(1, texts.Sum(Words)),
            DocumentBits = _documents.Count == 0 ? null : Bits(model, cancellation),
            TuningSeconds = tuning?.Seconds,
            TuningBytes = tuning?.Bytes ?? 0,
        };
    }

    /// <summary>What tuning adapters would take, as training itself estimates it; null where there is nothing to tune on.</summary>
    private TuningEstimate? Tuning(LanguageModel model)
    {
        LanguageModelTrainer trainer = new(model.Files);
        ChatExamples rows = ChatExamples.Of([.. _data.Train.Take(CountedRows).Select(question => question.Whole)], model.Chat!, trainer.MaxRow);
        if (rows.Rows.Count == 0)
        {
            return null;
        }

        TuningEstimate counted = trainer.Estimate(TransferStrategy.LowRank(), rows.Rows, heldOut: []);
        return counted with { Seconds = counted.Seconds * _data.Train.Count / Math.Min(CountedRows, _data.Train.Count) };
    }

    private AnswerLosses Losses(LanguageModel model, CancellationToken cancellation)
    {
        IReadOnlyList<Question> rows = _data.Train.Count > 1 ? _data.Train : _data.Test;
        (int[] clusters, _) = QuestionSplit.Clusters(rows);
        int[] drawn = QuestionSplit.Draw(clusters, Math.Min(MostQuestions, Math.Max(1, rows.Count / 2)));
        HashSet<int> asked = [.. drawn];
        // None is shown its own answer.
        Conversation[] examples = rows == _data.Train ? [.. rows.Where((_, i) => !asked.Contains(i)).Select(question => question.Whole)] : [];
        AnswerScorer scorer = AnswerScorer.For(rows.SelectMany(question => new[] { question.Text, question.Reference }));
        OraclePassages? oracle = _documents.Count > 0 && _retriever is not null ? new(_documents, scorer) : null;
        AnswerContext shots = new(examples, examples.Length > 0 ? Shown : 0), passages = new(retriever: _retriever, passages: Shown), one = new();
        List<(double Alone, double? Examples, double? Passages, double? Right, double? Wrong, bool Found)> seen = [];
        long start = Stopwatch.GetTimestamp();
        foreach (Question question in drawn.Select(i => rows[i]))
        {
            cancellation.ThrowIfCancellationRequested();
            if (seen.Count > 0 && Stopwatch.GetElapsedTime(start) > Limit)
            {
                break;
            }

            if (Loss(question.Prompt) is not { } alone)
            {
                continue;
            }

            (Conversation found, IReadOnlyList<RetrievedPassage> shown) = oracle is null ? (question.Prompt, []) : passages.Of(question.Prompt, Fits);
            seen.Add((alone, examples.Length == 0 ? null : Loss(shots.Of(question.Prompt, Fits).Conversation), oracle is null ? null : Loss(found),
                oracle is null ? null : Loss(one.With(question.Prompt, [new(oracle.Right(question), 0)], Fits).Conversation),
                oracle is null ? null : Loss(one.With(question.Prompt, [new(oracle.Wrong(question, seed: 1), 0)], Fits).Conversation),
                    oracle?.IsFound(question, shown.Select(item => item.Passage)) == true));

            double? Loss(Conversation asked) => AnswerLoss.Of(model, asked, question.Reference, cancellation);
        }

        return seen.Count == 0
            ? throw new DataException($"{_data.Name}: no question is short enough for {model.Card.Name}, which reads {model.MaxTokens} tokens.")
            : new()
            {
                Questions = seen.Count,
                Alone = seen.Average(item => item.Alone),
                WithExamples = seen.Average(item => item.Examples),
                WithPassages = seen.Average(item => item.Passages),
                WithRight = seen.Average(item => item.Right),
                WithWrong = seen.Average(item => item.Wrong),
                Found = oracle is null ? null : seen.Average(item => item.Found ? 1.0 : 0),
            };

        bool Fits(Conversation whole) => model.Fits(whole, Room);
    }

    /// <summary>Bits a byte over a few blocks from all over the documents.</summary>
    private double? Bits(LanguageModel model, CancellationToken cancellation)
    {
        int step = Math.Max(1, _documents.Count / (4 * Blocks));
        string[] texts = [.. _documents.Where((_, i) => i % step == 0).Take(4 * Blocks).Select(passage => passage.Text)];
        Example[] blocks = [.. CorpusExamples.Blocks(texts, model.Tokenizer, Math.Min(BlockTokens, model.MaxTokens)).Take(Blocks)];
        double tokens = texts.Sum(text => (double)Pieces(model, text)), bytes = texts.Sum(text => (double)Encoding.UTF8.GetByteCount(text));
        return blocks.Length == 0 || bytes == 0
            ? null
            : model.Evaluate(blocks, TorchSharp.torch.ScalarType.Float32, progress: null, cancellation).Loss / Math.Log(2) * tokens / bytes;
    }

    private static int Pieces(LanguageModel model, string text) => model.Tokenizer.Encode(text, addSpecialTokens: false).Length;

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
