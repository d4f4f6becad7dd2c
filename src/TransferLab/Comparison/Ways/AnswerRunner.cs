using System.Diagnostics;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Asks ways every test question, one at a time, as a user's program would: what is measured is what <c>chat</c> and <c>serve</c> then do.</summary>
internal sealed class AnswerRunner
{
    private readonly QuestionSet _data;
    private readonly AnswerOptions _options;
    private readonly AnswerScorer _scorer;
    private readonly MetricSummary[] _metrics;
    private readonly OraclePassages? _oracle;
    private readonly AnswerStore? _store;
    private readonly AnswerContext _none, _shots, _rag;
    private readonly NearestQuestions _nearest;

    public AnswerRunner(QuestionSet data, AnswerOptions options, AnswerScorer scorer, MetricSummary[] metrics, OraclePassages? oracle, AnswerStore? store)
    {
        (_data, _options, _scorer, _metrics, _oracle, _store) = (data, options, scorer, metrics, oracle, store);
        Examples = [.. data.Train.Select(question => question.Whole)];
        _none = new(passages: options.Passages, prompt: options.Prompt);
        _shots = new(Examples, options.Shots);
        _rag = new(retriever: options.Retriever, passages: options.Passages, prompt: options.Prompt);
        _nearest = new([.. data.Train.Select(question => question.Text)]);
    }

    /// <summary>The training rows, as few-shot shows them.</summary>
    public IReadOnlyList<Conversation> Examples { get; }

    /// <summary>Asks a way everything; goes on with answers that are kept.</summary>
    /// <param name="row">The way.</param>
    /// <param name="model">Answers; null for controls without one.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="fingerprint">Names what decides the answers.</param>
    /// <param name="progress">Told after every answer.</param>
    /// <param name="cancellation">Stops between answers, and within one.</param>
    public IReadOnlyList<AnswerResult> Ask(WayRow row, IAnsweringModel? model, int seed, string fingerprint, IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        List<AnswerResult> answers = [.. _store?.FindAnswers(row.Stem, seed, fingerprint) ?? []];
        long kept = Stopwatch.GetTimestamp();
        try
        {
            for (int i = answers.Count; i < _data.Test.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                answers.Add(model is null ? WithoutModel(row.Way, _data.Test[i]) : Ask(row.Way, model, _data.Test[i], seed, cancellation));
                progress?.Report(new("test", (double)answers.Count / _data.Test.Count));
                if (model is not null && Stopwatch.GetElapsedTime(kept) > _options.KeepEvery)
                {
                    _store?.SaveAnswers(row.Stem, seed, fingerprint, answers);
                    kept = Stopwatch.GetTimestamp();
                }
            }
        }
        catch when (answers.Count > 0 && model is not null)
        {
            _store?.SaveAnswers(row.Stem, seed, fingerprint, answers);
            throw;
        }

        return answers;
    }

    /// <summary>What each answer counts, by metric.</summary>
    public Dictionary<string, double[]> Scores(IReadOnlyList<AnswerResult> answers)
    {
        AnswerScore[] scores = [.. answers.Select((answer, i) => _scorer.Score(answer.Text, _data.Test[i].Right, _data.Test[i].Unanswerable))];
        bool[] wasAsked = [.. answers.Select(answer => answer.OutputTokens > 0 || answer.Stopped)]; // Silence is no refusal where nobody asked.
        Dictionary<string, double[]> all = [];
        foreach (MetricSummary metric in _metrics)
        {
            if (metric != AnswerMetrics.Loss)
            {
                all[metric.Name] = [.. scores.Select((score, i) => wasAsked[i] ? AnswerMetrics.Of(metric, score) : 0)];
            }
            else if (answers.All(answer => answer.Loss is not null))
            {
                all[metric.Name] = [.. answers.Select(answer => answer.Loss!.Value)];
            }
        }

        return all;
    }

    /// <summary>The question with all that a way shows beside it, and the passages among that.</summary>
    /// <param name="way">A way with a model.</param>
    /// <param name="question">The question.</param>
    /// <param name="seed">Draws wrong passages.</param>
    /// <param name="fits">Whether a conversation leaves room for an answer.</param>
    public (Conversation Asked, IReadOnlyList<RetrievedPassage> Shown) Asked(AnswerWay way, Question question, int seed, Predicate<Conversation> fits) =>
        way.Context switch
        {
            WayContext.FewShot => _shots.Of(question.Prompt, fits),
            WayContext.Rag => _rag.Of(question.Prompt, fits),
            WayContext.Oracle => _none.With(question.Prompt, [new(_oracle!.Right(question), 0)], fits),
            WayContext.Shuffled => _none.With(question.Prompt, [new(_oracle!.Wrong(question, seed), 0)], fits),
            _ => (question.Prompt, []),
        };

    private AnswerResult Ask(AnswerWay way, IAnsweringModel model, Question question, int seed, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        (Conversation asked, IReadOnlyList<RetrievedPassage> shown) = Asked(way, question, seed, model.Fits);
        double lookingUp = Stopwatch.GetElapsedTime(start).TotalSeconds;
        AnswerResult answer = model.Answer(way, question, asked, cancellation);
        return answer with
        {
            Seconds = lookingUp + answer.Seconds,
            Passages = [.. shown.Select(found => found.Passage.Id)],
            Found = !question.Unanswerable && answer.OutputTokens > 0 && way.Context is WayContext.Rag or WayContext.Oracle or WayContext.Shuffled
                ? _oracle!.IsFound(question, shown.Select(found => found.Passage))
                : null,
        };
    }

    private AnswerResult WithoutModel(AnswerWay way, Question question)
    {
        long start = Stopwatch.GetTimestamp();
        string text = way.Context == WayContext.Majority
            ? _data.Train.GroupBy(row => row.Reference).MaxBy(group => group.Count())!.Key
            : _data.Train[_nearest.Find(question.Text, 1)[0].Item].Reference;
        return new() { Text = text, InputTokens = 0, OutputTokens = 0, Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Stopped = true };
    }
}
