using System.Diagnostics;
using System.Reflection;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Trains every strategy on the same training examples and tests each once on the same test. The seeds are the outer loop: after each, the
/// comparison so far is complete, and is written.
/// </summary>
public sealed class Comparer(LabeledData data, Backbone backbone, ComputeDevice compute, ComparisonOptions options)
{
    private const int LatencyExamples = 21;
    private const double HeldOutForCalibration = 0.2;
    private readonly FeatureCache _cache = options.Cache ?? new();
    private readonly Dictionary<string, List<RunResult>> _runs = [];
    private readonly Dictionary<string, IReadOnlyList<Mistake>> _mistakes = [];
    private readonly Dictionary<string, (long Trainable, long Total)> _parameters = [];
    private readonly int[] _labels = [.. data.Test.Select(example => example.Label)];
    private readonly Lazy<string> _weightsHash = new(() => RunFingerprint.OfWeights(backbone));
    private IReadOnlyList<string> _files = [];
    private readonly RunExaminer _examiner = new(data, backbone, compute, options);
    private BackboneSummary? _backbone;
    private int _trainExamples;

    /// <summary>What a person should know of the data, and of how the backbone sees them; one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; } = [.. (options.TrainPerClass is { } perClass ? Split.Subsample(data, perClass, seed: 1) : data).Warnings, .. backbone.Encoder.Warnings(data)];

    /// <summary>Told of every model once it is tested; the model lives no longer than the call.</summary>
    internal Action<Strategy, int, Fitted>? Tested { get; init; }

    /// <summary>Runs the comparison.</summary>
    /// <param name="progress">Told after every batch and every run.</param>
    /// <param name="cancellation">Stops within a batch; what is written by then stays, and is whole.</param>
    public ComparisonResults Run(IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        options.Validate();
        if (data.Test.Count == 0)
        {
            throw new DataException($"{data.Name}: there is nothing to test on.");
        }

        using FeatureCache networks = _cache; // Lets go of the networks; the features stay.
        _backbone ??= Summarize();
        int run = 0, runs = options.Seeds * options.Strategies.Count;
        ComparisonResults? results = null;
        for (int seed = 1; seed <= options.Seeds; seed++)
        {
            IReadOnlyList<Example> train = options.TrainPerClass is { } perClass ? Split.Subsample(data, perClass, seed).Train : data.Train;
            _trainExamples = options.Calibrate ? HoldOut(train, seed).Kept.Count : train.Count;
            foreach (Strategy strategy in options.Strategies)
            {
                run++;
                (RunResult result, bool kept) = RunOrKeep(strategy, train, seed, new ImmediateProgress<TrainingProgress>(p => progress?.Report(new(strategy.Name, seed, run, runs, p))), cancellation);
                progress?.Report(new(strategy.Name, seed, run, runs, new("done", 1), result, kept));
            }

            results = Results();
            if (options.OutputFolder is { } folder)
            {
                ResultsFile.Write(results, Path.Combine(folder, "results.json"));
            }
        }

        return results!;
    }

    /// <summary>A finished run of an earlier call is not repeated, and an unfinished one goes on.</summary>
    private (RunResult Result, bool Kept) RunOrKeep(Strategy strategy, IReadOnlyList<Example> train, int seed, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        RunStore? store = options.OutputFolder is { } folder ? new(folder) : null;
        string fingerprint = store is null ? "" : RunFingerprint.Of(strategy, seed, $"{DataHash.Of(data.Classes, train, data.Test)}/{data.Hash}", _weightsHash.Value, backbone, compute, options);
        if (options.Restart)
        {
            store?.Forget(strategy.Name, seed);
        }

        if (store?.Find(strategy.Name, seed, fingerprint) is { } stored)
        {
            Note(strategy, stored.Result, (stored.Trainable, stored.Total));
            if (stored.Mistakes is { } mistakes)
            {
                _mistakes.TryAdd(strategy.Name, mistakes);
            }

            return (stored.Result, true);
        }

        RunResult result = RunOne(strategy, train, seed, store, fingerprint, progress, cancellation);
        (long trainable, long total) = _parameters[strategy.Name];
        store?.Save(strategy.Name, new() { Fingerprint = fingerprint, Result = result, Trainable = trainable, Total = total, Files = _files, Mistakes = seed == 1 ? _mistakes[strategy.Name] : null });
        return (result, false);
    }

    private void Note(Strategy strategy, RunResult result, (long, long) parameters)
    {
        _runs.TryAdd(strategy.Name, []);
        _runs[strategy.Name].Add(result);
        _parameters[strategy.Name] = parameters;
    }

    private RunResult RunOne(Strategy given, IReadOnlyList<Example> train, int seed, RunStore? store, string fingerprint, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        using PeakMemory memory = new();
        IReadOnlyList<Example> heldOut = [];
        if (options.Calibrate)
        {
            (train, heldOut) = HoldOut(train, seed);
        }

        using UnlabeledPhase? shared = options.Tune < 2 ? null : new();
        Learner learner = new(backbone, compute, _cache) { Augmentation = options.Augmentation, Balance = options.Balance, Budget = options.Budget, Unlabeled = data.Train, Shared = shared };
        (Strategy strategy, double tuning, string? choice) = options.Tune < 2 ? (given, 0, null) : new Tuner(learner, data.Classes, options.Tune).Choose(
            given, train, seed, store is null ? [] : store.FindTrials(given.Name, seed, fingerprint),
            scores => store?.SaveTrials(given.Name, seed, fingerprint, scores), progress, cancellation);
        learner = learner.WithCheckpoint(store is null ? null : new() { Path = store.CheckpointPath(given.Name, seed), Fingerprint = fingerprint, Every = options.CheckpointEvery });
        using Fitted fitted = learner.Fit(strategy, train, data.Classes, seed, progress, cancellation);
        Predictions predictions = fitted.Model.Predict(data.Test, new ImmediateProgress<double>(share => progress.Report(new("test", share))), cancellation);
        long peak = memory.Bytes;
        Metrics metrics = Metrics.Of(predictions, _labels, data.Classes.Count);
        RunResult result = new()
        {
            Seed = seed,
            Accuracy = metrics.Accuracy,
            MacroF1 = metrics.MacroF1,
            LogLoss = metrics.LogLoss,
            Time = fitted.Time with { Tuning = tuning },
            Epochs = fitted.Epochs,
            PeakMemoryBytes = peak,
            LatencyMilliseconds = Latency(fitted.Model, cancellation),
            Settings = choice is null ? fitted.Settings : new Dictionary<string, string>(fitted.Settings) { ["tuning"] = choice },
            Curve = fitted.Curve,
            Predicted = predictions.Labels,
            Score = predictions.Scores,
            Calibrated = heldOut.Count > 0 ? Calibrated(fitted.Model, heldOut, predictions, cancellation) : null,
        };
        if (Write(strategy, seed, fitted.Model, predictions) is { } refusal)
        {
            result = result with { Settings = new Dictionary<string, string>(result.Settings) { ["ONNX file"] = refusal } };
        }

        result = _examiner.Examine(strategy is TransferStrategy { Start: Start.Pretrained }, fitted.Model, result, cancellation);
        Note(strategy, result, (fitted.TrainableParameters, fitted.Model.Parameters));
        if (!_mistakes.ContainsKey(strategy.Name))
        {
            _mistakes[strategy.Name] = backbone.Encoder.Kind == "text"
                ? WorstMistakes.Texts(result, data.Test, new(backbone, compute, _cache, train), cancellation)
                : _examiner.WithFocus(WorstMistakes.Images(result, data.Test), fitted.Model, cancellation);
        }

        Tested?.Invoke(strategy, seed, fitted);
        return result;
    }

    private static (IReadOnlyList<Example> Kept, IReadOnlyList<Example> HeldOut) HoldOut(IReadOnlyList<Example> train, int seed) =>
        Split.StratifiedSplit(train, HeldOutForCalibration, Seeds.Mix(seed, "calibration"));

    private CalibratedResult Calibrated(TrainedModel model, IReadOnlyList<Example> heldOut, Predictions predictions, CancellationToken cancellation)
    {
        double temperature = TemperatureScaling.Fit(model.Predict(heldOut, null, cancellation), [.. heldOut.Select(example => example.Label)]);
        Predictions mended = TemperatureScaling.Apply(predictions, temperature);
        return new()
        {
            Temperature = temperature,
            HeldOut = heldOut.Count,
            LogLoss = Metrics.Of(mended, _labels, data.Classes.Count).LogLoss,
            Score = [.. mended.Probabilities.Select((row, i) => row[predictions.Labels[i]])],
        };
    }

    /// <summary>Median milliseconds for one example alone, from file to label, after one to warm up.</summary>
    private double Latency(TrainedModel model, CancellationToken cancellation)
    {
        List<double> times = [];
        foreach (Example example in data.Test.Take(LatencyExamples))
        {
            long start = Stopwatch.GetTimestamp();
            model.PredictAnew([example], cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        double[] sorted = [.. times.Skip(times.Count > 1 ? 1 : 0).Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Writes predictions and models.</summary>
    /// <returns>Why there is no ONNX file, where ONNX Runtime did not find what the network finds: the other files and strategies are as good as ever.</returns>
    private string? Write(Strategy strategy, int seed, TrainedModel model, Predictions predictions)
    {
        if (options.OutputFolder is not { } folder)
        {
            return null;
        }

        string file = Path.Combine("predictions", $"{strategy.Name}-seed{seed}.csv");
        PredictionFile.Write(Path.Combine(folder, file), data.Test, predictions, data.Classes);
        _files = [file];
        if (seed == 1 && options.SavesModels && model.CanSave)
        {
            Directory.CreateDirectory(Path.Combine(folder, "models"));
            file = Path.Combine("models", strategy.Name + model.FileExtension);
            model.Save(Path.Combine(folder, file));
            _files = [.. _files, file];
            if (model.CanExport)
            {
                string onnx = Path.ChangeExtension(file, ".onnx");
                try
                {
                    model.ExportOnnx(Path.Combine(folder, onnx));
                }
                catch (InvalidOperationException e)
                {
                    return e.Message;
                }

                _files = [.. _files, onnx];
            }
        }

        return null;
    }

    private ComparisonResults Results()
    {
        double[] levels = TimeToAccuracy.Levels(options.Strategies.Select(strategy => _runs[strategy.Name]));
        List<StrategyResult> strategies = [.. options.Strategies.Select(Summarize).Select(strategy => strategy with { TimesToAccuracy = TimeToAccuracy.Of(strategy.Runs, levels) }).Select(strategy => _examiner.Complete(strategy, _labels))];
        IReadOnlyList<PairResult> pairs = PairStatistics.Of(strategies, _labels);
        return new()
        {
            Program = $"TransferLab {typeof(Comparer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
            Created = DateTimeOffset.UtcNow,
            Command = options.Command,
            Data = new()
            {
                Name = data.Name,
                Kind = backbone.Encoder.Kind,
                Hash = data.Hash,
                Classes = data.Classes,
                TrainExamples = _trainExamples,
                TrainPerClass = options.TrainPerClass,
                TestExamples = data.Test.Count,
                Warnings = Warnings,
            },
            Backbone = _backbone!,
            Machine = MachineFacts.Of(compute),
            Strategies = strategies,
            Pairs = pairs,
            Verdicts = Verdict.Summary(strategies, pairs),
            Test = [.. data.Test.Select(example => new TestExample(example.Name, example.Label))],
        };
    }

    private StrategyResult Summarize(Strategy strategy)
    {
        List<RunResult> runs = _runs[strategy.Name];
        return new()
        {
            Name = strategy.Name,
            Description = strategy.Description,
            Accuracy = Intervals.Accuracy([.. runs.Select(run => PairStatistics.Right(run, _labels))]),
            AccuracySpread = Spread([.. runs.Select(run => run.Accuracy)]),
            MacroF1 = runs.Average(run => run.MacroF1),
            LogLoss = runs.Average(run => run.LogLoss),
            TrainSeconds = runs.Average(run => run.Time.Total),
            LatencyMilliseconds = runs.Select(run => run.LatencyMilliseconds).Order().ElementAt(runs.Count / 2),
            PeakMemoryBytes = runs.Min(run => run.PeakMemoryBytes), // What earlier runs left in the heap counts in the others.
            TrainableParameters = _parameters[strategy.Name].Trainable,
            TotalParameters = _parameters[strategy.Name].Total,
            Runs = [.. runs],
            Calibration = CalibrationOver(runs, run => run.Score),
            CalibratedBy = runs.All(run => run.Calibrated is not null) ? CalibrationOver(runs, run => run.Calibrated!.Score) : null,
            Classes = ClassFigures.Of(runs, _labels, data.Classes.Count),
            WorstMistakes = _mistakes[strategy.Name],
        };
    }

    private Calibration CalibrationOver(List<RunResult> runs, Func<RunResult, IReadOnlyList<float>> scores) =>
        CalibrationMeasure.Of([.. runs.SelectMany(scores)], [.. runs.SelectMany(run => PairStatistics.Right(run, _labels))], _labels.Length);

    private static double? Spread(double[] values) =>
        values.Length < 2 ? null : Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    private BackboneSummary Summarize()
    {
        using BackboneNetwork network = backbone.CreateRandom(seed: 0);
        return new()
        {
            Name = backbone.Card.Name,
            Architecture = backbone.Card.Architecture,
            Origin = backbone.Card.Origin,
            TrainedOn = backbone.Card.TrainedOn,
            Licence = backbone.Card.Licence,
            Sha256 = backbone.Card.Sha256,
            Parameters = network.Module.parameters().Sum(parameter => parameter.numel()),
            FeatureWidth = network.FeatureWidth,
            Preprocessing = backbone.Encoder.Description,
        };
    }
}
