using System.Diagnostics;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Asks the ways of a finished comparison again after facts have changed: as they are, with what they look up made anew, tuned from the start, and tuned on
/// from where they were. All is of the first seed, and goes on where it was stopped.
/// </summary>
internal sealed class FreshnessRunner
{
    private const int Seed = 1;
    private readonly string _model, _output;
    private readonly AnswerOptions _options;
    private readonly LanguageModelFiles _files;
    private readonly ComputeDevice _compute, _tuning;
    private readonly ChangedTask _task;
    private readonly FreshnessScores _scores;
    private readonly AnswerStore _store;
    private readonly AnswerRunner _runner, _only;
    private readonly OraclePassages? _oracle;
    private readonly AnswerFingerprint _before, _after;
    private readonly double _exampleSeconds;

    public FreshnessRunner(
        QuestionSet data, string model, AnswerOptions options, LanguageModelFiles files, ComputeDevice compute, ComputeDevice tuning, AnswerScorer scorer,
        MetricSummary[] metrics)
    {
        AnswerChanges changes = options.Changes!;
        (_model, _files, _compute, _tuning, _output) = (model, files, compute, tuning, options.OutputFolder!);
        _options = options with { Documents = changes.Documents, Retriever = changes.Retriever, IndexSeconds = changes.IndexSeconds, Changes = null };
        _task = new(data, options, scorer);
        _scores = new(data, _task, scorer, metrics);
        _store = new(_output);
        _oracle = changes.Documents.Count > 0 ? new(changes.Documents, scorer) : null;
        long start = Stopwatch.GetTimestamp();
        _runner = new(_task.Whole, _options, scorer, metrics, _oracle, _store);
        _exampleSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _only = new(_task.Only, _options, scorer, metrics, _oracle, _store);
        string weights = AnswerFingerprint.WeightsOf(files);
        _before = new(data, weights, options, compute, tuning);
        _after = new(_task.Whole, weights, _options, compute, tuning);
    }

    /// <summary>Asks and mends.</summary>
    /// <param name="results">What the comparison found before the change.</param>
    /// <param name="groups">Its ways.</param>
    /// <param name="progress">Told after every step and answer.</param>
    /// <param name="cancellation">Stops within a step; what is written by then stays.</param>
    public FreshnessResult Run(
        ComparisonResults results, IReadOnlyList<WayGroup> groups, IProgress<ComparisonProgress>? progress, CancellationToken cancellation)
    {
        Dictionary<string, RunResult> before = results.Strategies.ToDictionary(row => row.Name, row => row.Runs[0]);
        Step[] steps = [.. groups.SelectMany(group => group.Rows.Where(row => row.Way.CanBeUsed).SelectMany(row => Mendings(row.Way)
            .Select(mending => new Step(group, row, mending)))).OrderBy(step => step.Mending)];
        int done = 0;
        Action<TrainingProgress> Tell(string name) => at => progress?.Report(new(name, Seed, Math.Min(done + 1, steps.Length), steps.Length, at));
        List<(string Way, Mending Mending, StoredMending Found)> found = [];
        foreach (IGrouping<(string Stem, Mending Mending), Step> group in steps.GroupBy(step => (step.Group.Stem, step.Mending)))
        {
            using Mended mended = new(this, group.First().Group, group.Key.Mending, Tell, cancellation);
            foreach ((_, WayRow row, Mending mending) in group)
            {
                found.Add((row.Way.Name, mending, mended.Ask(row)));
                progress?.Report(new($"{row.Way.Name}, {MendingWords.Of(mending)}", Seed, ++done, steps.Length, new("mended", 1)));
            }
        }

        return new()
        {
            Questions =
                [.. _task.Changed.Select(i => new FreshQuestion(i, results.Questions!.Items[i].Right, _task.KnowsNew ? _task.Whole.Test[i].Right : []))],
            Rows = [.. _options.Ways.Where(way => way.CanBeUsed).SelectMany(way => found.Where(item => item.Way == way.Name).OrderBy(item => item.Mending)
                .Select(item => _scores.Row(way.Name, item.Mending, item.Found.Seconds, item.Found.Answers, before[way.Name], _runner))
                .Prepend(_scores.Row(way.Name, Mending.None, 0, before[way.Name].Answers!, null, _runner)))],
            Conflicts = [.. groups.Where(group => group.Adaptation is not null && _oracle is not null && _task.KnowsNew && KeptFolder(group) is not null)
                .Select(group => Conflict(group, before, Tell($"{group.Adaptation!.Name} against passages"), cancellation))],
            Notes = _task.Notes,
        };
    }

    private IEnumerable<Mending> Mendings(AnswerWay way)
    {
        if (way.Context == WayContext.Rag || (way.Context == WayContext.FewShot && _task.KnowsNew))
        {
            yield return Mending.Reindexed;
        }

        if (way.Adaptation is not null && _task.KnowsNew)
        {
            yield return Mending.Retrained;
            yield return Mending.TrainedOn;
        }
    }

    /// <summary>Weights that say the old answer against a passage that says the new one.</summary>
    private FreshConflict Conflict(WayGroup group, Dictionary<string, RunResult> before, Action<TrainingProgress> tell, CancellationToken cancellation)
    {
        string name = group.Adaptation!.Name, fingerprint = $"{_before.OfTuning(group.Adaptation, Seed)} {_after.OfTuning(group.Adaptation, Seed)}";
        if (_store.FindMending(group.Stem, "Conflict", fingerprint) is { } kept)
        {
            return _scores.Conflict(name, kept.Alone!, kept.Answers);
        }

        using LocalAnswers model = Open(KeptFolder(group)!);
        IReadOnlyList<AnswerResult> alone =
            before.TryGetValue(name, out RunResult? run) ? [.. _task.Changed.Select(i => run.Answers![i])] : Ask(WayContext.None);
        IReadOnlyList<AnswerResult> shown = Ask(WayContext.Oracle);
        _store.SaveMending(group.Stem, "Conflict", new(fingerprint, 0, shown) { Alone = alone });
        return _scores.Conflict(name, alone, shown);

        IReadOnlyList<AnswerResult> Ask(WayContext context)
        {
            WayRow row = new(group.Rows[0].Way with { Context = context }, $"{group.Stem}.{context}");
            IReadOnlyList<AnswerResult> answers =
                _only.Ask(row, model, Seed, $"{fingerprint} {context}", new ImmediateProgress<TrainingProgress>(tell), cancellation);
            _store.ForgetAnswers(row.Stem, Seed);
            return answers;
        }
    }

    /// <summary>Where the comparison kept what it tuned; null where nothing of the group is kept.</summary>
    private string? KeptFolder(WayGroup group) =>
        group.Rows.Where(row => row.Way.CanBeUsed).Select(row => Path.Combine(_output, "models", row.Stem)).FirstOrDefault(Directory.Exists);

    private LocalAnswers Open(string folder)
    {
        (string path, string? adapter) = TunedFolder.Resolve(folder); // The model alone, without what a kept way shows.
        return new(LanguageModel.Open(path, _compute, _files.Registry, adapter), _options.AnswerTokens);
    }

    private sealed record Step(WayGroup Group, WayRow Row, Mending Mending);

    /// <summary>A group mended in one way; tuned and opened when it is first asked.</summary>
    private sealed class Mended(
        FreshnessRunner runner, WayGroup group, Mending mending, Func<string, Action<TrainingProgress>> tell, CancellationToken cancellation) : IDisposable
    {
        private readonly string _stem = $"{group.Stem}.{mending}";
        private LocalAnswers? _model;
        private double _tuned;

        public StoredMending Ask(WayRow row)
        {
            string fingerprint = $"{runner._before.Of(row.Way, Seed)} {runner._after.Of(row.Way, Seed)}";
            if (runner._store.FindMending(row.Stem, $"{mending}", fingerprint) is { } kept)
            {
                return kept;
            }

            ImmediateProgress<TrainingProgress> progress = new(tell($"{row.Way.Name}, {MendingWords.Of(mending)}"));
            _model ??= Model(progress);
            WayRow asked = row with { Stem = $"{row.Stem}.{mending}" };
            IReadOnlyList<AnswerResult> answers = runner._runner.Ask(asked, _model, Seed, fingerprint, progress, cancellation);
            double index = row.Way.Context switch
            {
                WayContext.Rag => runner._options.IndexSeconds,
                WayContext.FewShot => runner._exampleSeconds,
                _ => 0,
            };
            StoredMending found = new(fingerprint, _tuned + index, answers);
            runner._store.SaveMending(row.Stem, $"{mending}", found);
            runner._store.ForgetAnswers(asked.Stem, Seed);
            return found;
        }

        public void Dispose()
        {
            if (_model is not null)
            {
                _model.Dispose();
                runner._store.ForgetTuned(_stem, Seed);
            }
        }

        private LocalAnswers Model(IProgress<TrainingProgress> progress)
        {
            if (group.Adaptation is not { } strategy)
            {
                return new(LanguageModel.Open(runner._model, runner._compute, runner._files.Registry), runner._options.AnswerTokens);
            }

            string kept = runner.KeptFolder(group) ?? throw new InvalidOperationException(
                $"{strategy.Name}: what was tuned is no longer in {Path.Combine(runner._output, "models")}; compare again with --restart.");
            if (mending == Mending.Reindexed)
            {
                return runner.Open(kept);
            }

            bool goesOn = mending == Mending.TrainedOn;
            string folder = runner._store.TunedFolder(_stem, Seed);
            string fingerprint = $"{runner._before.OfTuning(strategy, Seed)} {runner._after.OfTuning(strategy, Seed)} {mending}";
            TunedRecord? record = runner._store.FindTuned(_stem, Seed, fingerprint);
            if (record is null)
            {
                QuestionSet rows = goesOn ? runner._task.Only : runner._task.Whole;
                WayTuner tuner = new(rows, runner._model, runner._options, runner._tuning, runner._oracle) { From = goesOn ? kept : null };
                record = tuner.Tune(strategy, Seed, folder, fingerprint, progress, cancellation);
                runner._store.SaveTuned(_stem, Seed, record);
            }

            _tuned = record.Time.Total;
            return runner.Open(folder);
        }
    }
}
