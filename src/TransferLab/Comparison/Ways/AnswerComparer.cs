using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Compares ways to get answers from a language model - asked as it is, shown examples, shown passages, tuned - on the same test questions. An adaptation is
/// tuned once a seed and asked in every context. After each seed the comparison so far is complete, and is written.
/// </summary>
public sealed class AnswerComparer
{
    private readonly QuestionSet _data, _whole;
    private readonly string _model;
    private readonly AnswerOptions _options;
    private readonly LanguageModelFiles? _files;
    private readonly IHostedModel? _hosted;
    private readonly BackboneCard _card;
    private readonly ComputeDevice _compute, _tuning;
    private readonly AnswerScorer _scorer;
    private readonly MetricSummary[] _metrics;
    private readonly OraclePassages? _oracle;
    private readonly IReadOnlyList<WayGroup> _groups;
    private readonly AnswerFingerprint _fingerprint;
    private readonly RunStore? _store;
    private readonly AnswerStore? _parts;
    private readonly AnswerRunner _runner;
    private readonly FreshnessRunner? _freshness;
    private readonly AnswerJudging? _judging;
    private readonly List<string> _warnings;

    /// <summary>A comparison.</summary>
    /// <param name="data">The questions.</param>
    /// <param name="model">A GGUF file or a folder in the hub's layout; a model with a chat template.</param>
    /// <param name="options">What is compared, and how.</param>
    /// <param name="registry">The families that are known; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="ArgumentException">The options make no comparison, or the model does not answer.</exception>
    public AnswerComparer(QuestionSet data, string model, AnswerOptions options, Registry? registry = null)
        : this(data, LanguageModelFiles.Open(TunedFolder.Whole(Path.GetFullPath(model)), registry), null, Path.GetFullPath(model), options)
    {
    }

    /// <summary>A comparison of what can be shown to a model that answers elsewhere.</summary>
    /// <param name="data">The questions.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">What is compared, and how; nothing that is tuned, and no way is kept as a model.</param>
    /// <exception cref="ArgumentException">The options make no comparison, or a way is tuned.</exception>
    public AnswerComparer(QuestionSet data, IHostedModel model, AnswerOptions options)
        : this(data, null, model ?? throw new ArgumentNullException(nameof(model)), "", options)
    {
    }

    private AnswerComparer(QuestionSet data, LanguageModelFiles? files, IHostedModel? hosted, string model, AnswerOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(data);
        _whole = data;
        data = options.TrainSizes.Count == 0 ? data : data.Draw(options.TrainSizes.Max());
        (_data, _options, _model, _files, _hosted) = (data, options, model, files, hosted);
        if (files is { Template: null })
        {
            throw new ArgumentException(
                $"{files.Card.Name} has no chat template: it goes on from texts, and does not answer; take a model that was taught to talk (its name often "
                    + $"ends in Instruct).");
        }

        if (hosted is not null && options.Ways.FirstOrDefault(way => way.Adaptation is not null) is { } tuned)
        {
            throw new ArgumentException($"The way '{tuned.Name}' tunes the model, and {hosted.Name} is not on this machine; leave the way out.");
        }

        if (hosted is not null && options.Changes is not null)
        {
            throw new ArgumentException(
                $"What becomes of answers after facts changed is asked of a model on this machine, and {hosted.Name} is not; leave the changes out.");
        }

        _card = files?.Card ?? new() { Name = hosted!.Name, Architecture = "behind an API", Origin = hosted.Origin, Licence = "the host's terms" };
        (_compute, _tuning) = (options.Compute ?? ComputeDevice.ForAnswers(), options.TuningCompute ?? ComputeDevice.Choose());
        _scorer = AnswerScorer.For(data.Test.Concat(data.Train).SelectMany(question => new[] { question.Text, question.Reference }));
        // A host tells no loss of what it did not write.
        _metrics = [.. AnswerMetrics.For(data).Where(metric => files is not null || metric != AnswerMetrics.Loss)];
        _oracle = options.Documents.Count > 0 ? new(options.Documents, _scorer) : null;
        _groups = WayGroup.All(options.Ways);
        _fingerprint = new(data, files is null ? $"{hosted!.Origin} {hosted.Name}" : AnswerFingerprint.WeightsOf(files), options, _compute, _tuning);
        (_store, _parts) = options.OutputFolder is { } folder ? (new RunStore(folder), new AnswerStore(folder)) : (null, null);
        _runner = new(data, options, _scorer, _metrics, _oracle, _parts);
        _freshness = options.Changes is null || files is null ? null : new(data, _model, options, files, _compute, _tuning, _scorer, _metrics);
        _judging = options.Judge is null ? null : new(options.Judge, data.Test, _metrics[0]);
        _warnings = [.. data.Warnings, .. options.Choices];
        if (PublishedLicence.ForbidsCommercialUse(_card.Licence))
        {
            _warnings.Add($"The licence of the model {_card.Name} ({_card.Licence}) forbids commercial use.");
        }
    }

    /// <summary>What a person should know of the questions and the model; one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>What is measured first, and what intervals and pairs are about.</summary>
    public MetricSummary Metric => _metrics[0];

    /// <summary>The model in a line.</summary>
    public string Model => $"{_card.Name}: {(_hosted is null ? _card.Architecture : _hosted.Origin)} (licence: {_card.Licence})";

    /// <summary>All that will be sent to a hosted model, row by row: for an estimate before anything is. Empty for a model of this machine.</summary>
    public IEnumerable<HostedRequest> Requests() => _hosted is null ? [] : _options.Ways.Where(way => way.HasModel)
        .SelectMany(way => _data.Test.Select(question => new HostedRequest(way, question, _runner.Asked(way, question, seed: 1, _ => true).Asked)));

    /// <summary>Runs the comparison; in an output folder finished runs are taken from there, and unfinished ones go on.</summary>
    /// <param name="progress">Told after every step, answer and run.</param>
    /// <param name="cancellation">Stops within a step; what is written by then stays.</param>
    public ComparisonResults Run(IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        RemoveLeftovers();
        int[] smaller = [.. _options.TrainSizes.Order().SkipLast(1)];
        (int Size, ComparisonResults Results)[] sizes = [.. smaller.Select(size => (size, RunSmaller(size, progress, cancellation)))];
        Dictionary<WayRow, List<StoredRun>> records = _groups.SelectMany(group => group.Rows).ToDictionary(row => row, _ => new List<StoredRun>());
        string preprocessing = _files is null ? "as the host does it" : $"chat template {_files.Template?.Name}, weights {_files.WeightType}";
        MetricSummary[] metrics = _judging is null ? _metrics : [.. _metrics, AnswerMetrics.Judged];
        AnswerResultsBuilder builder = new(_data, _card, preprocessing, _options, _compute, metrics, _oracle, _scorer);
        int runs = _options.Seeds * _options.Ways.Count, run = 0;
        ComparisonResults? results = null;
        for (int seed = 1; seed <= _options.Seeds; seed++)
        {
            foreach (WayGroup group in _groups)
            {
                (int s, int first) = (seed, run);
                void Tell(int row, TrainingProgress at) =>
                    progress?.Report(new(row < 0 ? group.Adaptation!.Name : group.Rows[row].Way.Name, s, first + Math.Max(0, row) + 1, runs, at));
                (IReadOnlyList<StoredRun> found, bool[] kept) = group.Adaptation is null && seed > 1
                    // Greedy, and not tuned: the same again.
                    ? ([.. group.Rows.Select(row => records[row][0] with { Result = records[row][0].Result with { Seed = s } })],
                        [.. group.Rows.Select(_ => true)])
                    : RunOrKeep(group, seed, Tell, cancellation);
                for (int i = 0; i < found.Count; i++)
                {
                    int row = i;
                    records[group.Rows[i]].Add(_judging?.Of(found[i], share => Tell(row, new("judged", share)), cancellation) ?? found[i]);
                    progress?.Report(new(group.Rows[i].Way.Name, seed, ++run, runs, new("done", 1), found[i].Result, kept[i]));
                }
            }

            results = builder.Of(_options.Ways.Select(way => records.First(pair => pair.Key.Way == way)), _warnings);
            results = _judging is null ? results : results with { Verdicts = [.. results.Verdicts, _judging.Sentence()] };
            Write(results);
        }

        if (_freshness is not null)
        {
            results = results! with { Freshness = _freshness.Run(results, _groups, progress, cancellation) };
            Write(results);
        }

        if (sizes.Length > 0)
        {
            results = results! with { LearningCurves = AnswerCurves.Of([.. sizes, (_options.TrainSizes.Max(), results)]) };
            Write(results);
        }

        return results!;
    }

    private void Write(ComparisonResults results)
    {
        if (_options.OutputFolder is { } folder)
        {
            ResultsFile.Write(results, Path.Combine(folder, "results.json"));
        }
    }

    /// <summary>The same ways with fewer training questions, in a folder of their own and without models.</summary>
    private ComparisonResults RunSmaller(int size, IProgress<ComparisonProgress>? progress, CancellationToken cancellation)
    {
        AnswerOptions options = _options with
        {
            Ways = AnswerCurves.Ways(_options.Ways),
            TrainSizes = [size],
            OutputFolder = _options.OutputFolder is { } folder ? Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"n{size}")) : null,
            Changes = null,
            Judge = null,
            SavesWays = false,
        };
        AnswerComparer smaller = _files is null ? new(_whole, _hosted!, options) : new(_whole, _model, options, _files.Registry);
        return smaller.Run(
            progress is null ? null : new ImmediateProgress<ComparisonProgress>(at => progress.Report(at with { PerClass = size })), cancellation);
    }

    private (IReadOnlyList<StoredRun> Runs, bool[] Kept) RunOrKeep(WayGroup group, int seed, Action<int, TrainingProgress> tell, CancellationToken cancellation)
    {
        string[] fingerprints = [.. group.Rows.Select(row => _fingerprint.Of(row.Way, seed))];
        if (_options.Restart)
        {
            Forget(group, seed);
        }

        StoredRun?[] stored = [.. group.Rows.Zip(fingerprints, (row, fingerprint) => _store?.Find(row.Stem, seed, fingerprint, Saves(row, seed)))];
        bool[] kept = [.. stored.Select(run => run is not null)];
        if (kept.Contains(false))
        {
            using AdaptedModel model = Adapt(group, seed, at => tell(-1, at), cancellation);
            for (int i = 0; i < stored.Length; i++)
            {
                int row = i;
                stored[i] ??= Run(group.Rows[i], model, seed, fingerprints[i], at => tell(row, at), cancellation);
            }
        }

        _parts?.ForgetTuned(group.Stem, seed);
        return (stored!, kept);
    }

    /// <summary>The model of a group, tuned or as it is; opened when it is first asked for.</summary>
    private AdaptedModel Adapt(WayGroup group, int seed, Action<TrainingProgress> tell, CancellationToken cancellation)
    {
        if (group.Adaptation is not { } strategy)
        {
            return new(() => _hosted is null ? Open(_model) : new HostedAnswers(_hosted), tuned: null, folder: null, temporary: false);
        }

        string fingerprint = _fingerprint.OfTuning(strategy, seed);
        string folder = _parts?.TunedFolder(group.Stem, seed) ?? Directory.CreateTempSubdirectory("transferlab-tuned-").FullName;
        TunedRecord? record = _parts?.FindTuned(group.Stem, seed, fingerprint);
        if (record is null)
        {
            record = new WayTuner(_data, _model, _options, _tuning, _oracle).Tune(strategy, seed, folder, fingerprint,
                new ImmediateProgress<TrainingProgress>(tell), cancellation);
            _parts?.SaveTuned(group.Stem, seed, record);
        }

        if (record.Dropped.Count > 0 && seed == 1)
        {
            _warnings.Add(
                $"{strategy.Name}: {Naming.Count(record.Dropped.Count, "training question is", "training questions are")} left out: "
                    + $"{string.Join("; ", record.Dropped.Take(3))}{(record.Dropped.Count > 3 ? "; ..." : "")}.");
        }

        return new(() => Open(folder), record, folder, _parts is null);
    }

    private LocalAnswers Open(string path) => new(LanguageModel.Open(path, _compute, _files!.Registry), _options.AnswerTokens);

    private StoredRun Run(WayRow row, AdaptedModel adapted, int seed, string fingerprint, Action<TrainingProgress> tell, CancellationToken cancellation)
    {
        using PeakMemory memory = new();
        IAnsweringModel? model = row.Way.HasModel ? adapted.Model : null;
        IReadOnlyList<AnswerResult> answers = _runner.Ask(row, model, seed, fingerprint, new ImmediateProgress<TrainingProgress>(tell), cancellation);
        Dictionary<string, double[]> scores = _runner.Scores(answers);
        double index = row.Way.Context == WayContext.Rag
            ? _options.IndexSeconds
            : 0, choice = row.Way.Context is WayContext.Rag or WayContext.FewShot
            ? _options.ChoiceSeconds
            : 0;
        RunResult result = new()
        {
            Seed = seed,
            Accuracy = scores[_metrics[0].Name].Average(),
            MacroF1 = scores[AnswerMetrics.F1.Name].Average(),
            LogLoss = scores.TryGetValue(AnswerMetrics.Loss.Name, out double[]? losses) ? losses.Average() : 0,
            Time = (adapted.Tuned?.Time ?? new() { Reading = 0, Features = 0, Training = 0 }) is var time
                ? time with { Reading = time.Reading + index, Tuning = choice }
                : time,
            Epochs = adapted.Tuned is null ? 0 : _options.Tuning.Epochs,
            PeakMemoryBytes = Math.Max(memory.Bytes, adapted.Tuned?.PeakMemoryBytes ?? 0),
            LatencyMilliseconds = answers.Select(answer => 1000 * answer.Seconds).Order().ElementAt(answers.Count / 2),
            Settings = adapted.Tuned?.Settings ?? new Dictionary<string, string>(),
            Curve = adapted.Tuned?.Curve ?? [],
            Predicted = [],
            Score = [],
            Scores = scores,
            Answers = answers,
        };
        StoredRun run = new()
        {
            Fingerprint = fingerprint,
            Result = result,
            Trainable = adapted.Tuned?.Trainable ?? 0,
            Total = model?.Parameters ?? 0,
            TunedTokens = adapted.Tuned?.Tokens ?? 0,
            Written = Write(row, adapted, answers, scores[_metrics[0].Name], seed),
            SavesModel = Saves(row, seed),
        };
        _store?.Save(row.Stem, run);
        _parts?.ForgetAnswers(row.Stem, seed);
        return run;
    }

    private StoredFile[] Write(WayRow row, AdaptedModel adapted, IReadOnlyList<AnswerResult> answers, double[] scores, int seed)
    {
        if (_options.OutputFolder is not { } folder)
        {
            return [];
        }

        string path = FormattableString.Invariant($"predictions/{row.Stem}-seed{seed}.csv");
        AnswerPredictionFile.Write(Path.Combine(folder, path), _data.Test, answers, scores);
        StoredFile written = StoredFile.Of(folder, path);
        if (!Saves(row, seed))
        {
            return [written];
        }

        BaseCard card = new(_card.Name, _card.Sha256, _card.Licence, _card.Architecture, _files!.Template?.Name);
        return [written, .. new WayFolder(folder, _files.Path, card, _options, _runner.Examples, _compute.Precision).Write(row, adapted.Folder)];
    }

    /// <summary>Ways that a killed process left half-written.</summary>
    private void RemoveLeftovers()
    {
        string models = Path.Combine(_options.OutputFolder ?? "", "models");
        foreach (string half in _options.OutputFolder is not null && Directory.Exists(models) ? Directory.GetDirectories(models, "*.tmp") : [])
        {
            Directory.Delete(half, recursive: true);
        }
    }

    private bool Saves(WayRow row, int seed) =>
        seed == 1 && _files is not null && _options.SavesWays && _options.OutputFolder is not null && row.Way.CanBeUsed
            && (row.Way.Context != WayContext.Rag || _options.SaveIndex is not null);

    private void Forget(WayGroup group, int seed)
    {
        _parts?.ForgetTuned(group.Stem, seed);
        _parts?.ForgetMendings(group.Stem);
        foreach (WayRow row in group.Rows)
        {
            _parts?.ForgetMendings(row.Stem);
            _store?.Forget(row.Stem, seed);
            _parts?.ForgetAnswers(row.Stem, seed);
        }
    }

    /// <summary>A model and what tuned it; opened when it is first asked for.</summary>
    private sealed class AdaptedModel(Func<IAnsweringModel> open, TunedRecord? tuned, string? folder, bool temporary) : IDisposable
    {
        private IAnsweringModel? _model;

        public IAnsweringModel Model => _model ??= open();

        public TunedRecord? Tuned => tuned;

        public string? Folder => folder;

        public void Dispose()
        {
            _model?.Dispose();
            if (temporary && folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
