using System.Diagnostics;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Trains the adaptations of one backbone, one seed at a time, and tests each in every context.</summary>
internal sealed class ModelRunner(LabeledData data, Backbone backbone, ComputeDevice compute, ComparisonOptions options, FeatureCache cache)
{
    private const int LatencyExamples = 21;

    /// <summary>What the run gets of its budget, however long the trials before it took.</summary>
    private const double LeastOfBudget = 0.1;
    private readonly int[] _labels = [.. data.Test.Select(example => example.Label)];

    /// <summary>What is looked at beside the test.</summary>
    public RunExaminer Examiner { get; } = new(data, backbone, compute, options);

    /// <summary>Names what decides the runs.</summary>
    public RunFingerprint Fingerprint { get; } = new(data, backbone, compute, options);

    /// <summary>Told of every model once it is tested; the model lives no longer than the call.</summary>
    public Action<Strategy, int, FitResult>? Tested { get; init; }

    /// <summary>Trains and tests.</summary>
    /// <param name="adaptation">What is trained.</param>
    /// <param name="given">The training examples, before any are held out for calibration.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="store">Where trials and checkpoints are kept; null for nowhere.</param>
    /// <param name="needsMistakes">Whether the worst mistakes of a row are wanted of this run.</param>
    /// <param name="progress">Told while it trains and is tested.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <returns>One run a row, in the order of the adaptation's rows, without their fingerprints.</returns>
    public IReadOnlyList<StoredRun> Run(
        Adaptation adaptation, IReadOnlyList<Example> given, int seed, RunStore? store, Predicate<ComparisonRow> needsMistakes,
            IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        using PeakMemory memory = new();
        (IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut) = options.Calibrate ? CalibrationSplit.Of(given, seed) : (given, []);
        (Strategy strategy, Learner learner, double tuning, string? choice, UnlabeledPhase? shared) =
            Choose(adaptation, given, train, seed, store, progress, cancellation);
        using UnlabeledPhase? owned = shared;
        using FitResult fitted = learner.Fit(strategy, train, data.Classes, seed, progress, cancellation);
        List<StoredRun> runs = [];
        (IReadOnlyList<StoredFile> Files, string? Refusal)? model = null;
        RunResult? first = null;
        foreach (ComparisonRow row in adaptation.Rows)
        {
            IReadOnlyList<Example> test = row.Context.Of(data.Test);
            Predictions predictions = fitted.Model.PredictCached(cache, test, new ImmediateProgress<double>(share => progress.Report(new("test", share))),
                cancellation);
            RunResult result = Measure(fitted, predictions, test, seed, memory.Bytes, cancellation) with
            {
                Calibrated = Calibrated(fitted.Model, row.Context.Of(heldOut), predictions, cancellation),
            };
            result = result with { Time = fitted.Time with { Tuning = tuning } };
            StoredFile? written = options.OutputFolder is { } folder
                ? new RunFiles(folder).WritePredictions(row.Stem, seed, data.Test, predictions, data.Classes)
                : null;
            model ??= SavesModel(seed) ? Written(adaptation.Stem, fitted.Model) : ([], null);
            result = result with { Settings = Settings(fitted, choice, model.Value.Refusal) };
            result = Examiner.WithShifts(fitted.Model, row.Context, result, cancellation);
            result = first is null ? first = Examiner.WithInside(strategy is TransferStrategy { Start: Start.Pretrained }, fitted.Model, result, cancellation)
                : result with { Retention = first.Retention, Inspection = first.Inspection };
            runs.Add(new()
            {
                Result = result,
                Trainable = fitted.TrainableParameters,
                Total = fitted.Model.Parameters,
                Written = [.. written is null ? [] : (StoredFile[])[written], .. model.Value.Files],
                SavesModel = SavesModel(seed),
                Mistakes = needsMistakes(row) ? Mistakes(result, test, train, fitted.Model, cancellation) : null,
            });
        }

        Tested?.Invoke(strategy, seed, fitted);
        return runs;
    }

    /// <summary>Whether runs of a seed write their model.</summary>
    public bool SavesModel(int seed) => seed == 1 && options.SavesModels && options.OutputFolder is not null;

    private (Strategy Strategy, Learner Learner, double Seconds, string? Choice, UnlabeledPhase? Shared) Choose(
        Adaptation adaptation, IReadOnlyList<Example> given, IReadOnlyList<Example> train, int seed, RunStore? store, IProgress<TrainingProgress> progress,
            CancellationToken cancellation)
    {
        string fingerprint = store is null ? "" : Fingerprint.Of(adaptation.Strategy, seed, given, TestContext.None);
        bool isTuned = options.Tune > 1, isSearched = options.Rates == RateChoice.Searched;
        UnlabeledPhase? shared = isTuned || (isSearched && options.Budget is null) ? new() : null; // A trial of a budget is shorter than the run, all through.
        Learner learner = new(backbone, compute, cache, new()
        {
            Augmentation = options.Augmentation,
            Balance = options.Balance,
            Budget = options.Budget,
            Unlabeled = data.Train,
            Shared = shared,
        }, options.Learners);
        CheckpointOptions? checkpoint = store is null ? null : new()
        {
            Path = store.CheckpointPath(adaptation.Stem, seed),
            Fingerprint = fingerprint,
            Every = options.CheckpointEvery,
        };
        if (!isTuned && !isSearched)
        {
            return (adaptation.Strategy, learner.WithCheckpoint(checkpoint), 0, null, shared);
        }

        try
        {
            IReadOnlyList<TrialScore> known = store is null ? [] : store.FindTrials(adaptation.Stem, seed, fingerprint);
            void Keep(IReadOnlyList<TrialScore> scores) => store?.SaveTrials(adaptation.Stem, seed, fingerprint, scores);
            (Strategy best, double seconds, string? choice) = isTuned
                ? new Tuner(learner, data.Classes, options.Tune).Choose(adaptation.Strategy, train, seed, known, Keep, progress, cancellation)
                : new RateSearch(learner, data.Classes).Choose(adaptation.Strategy, train, seed, known, Keep, progress, cancellation);
            learner = isSearched && options.Budget is { } budget ? learner.WithBudget(Math.Max(budget - seconds, LeastOfBudget * budget)) : learner;
            return (best, learner.WithCheckpoint(checkpoint), seconds, choice, shared);
        }
        catch
        {
            shared?.Dispose();
            throw;
        }
    }

    /// <summary>Files of a model. An exported network is in memory several times while it is checked: what training had goes back first, and that before what
    /// comes next.</summary>
    private (IReadOnlyList<StoredFile> Files, string? Refusal) Written(string stem, TrainedModel model)
    {
        NativeMemory.Release();
        (IReadOnlyList<StoredFile>, string?) written = new RunFiles(options.OutputFolder!).WriteModel(stem, model);
        NativeMemory.Release();
        return written;
    }

    private RunResult Measure(FitResult fitted, Predictions predictions, IReadOnlyList<Example> test, int seed, long peak, CancellationToken cancellation)
    {
        Metrics metrics = Metrics.Of(predictions, _labels, data.Classes.Count);
        return new()
        {
            Seed = seed,
            Accuracy = metrics.Accuracy,
            MacroF1 = metrics.MacroF1,
            LogLoss = metrics.LogLoss,
            Time = fitted.Time,
            Epochs = fitted.Epochs,
            PeakMemoryBytes = peak,
            LatencyMilliseconds = Latency(fitted.Model, test, cancellation),
            Curve = fitted.Curve,
            Predicted = predictions.Labels,
            Score = predictions.Scores,
            Scores = TaskScores.Of(predictions, _labels),
        };
    }

    private static Dictionary<string, string> Settings(FitResult fitted, string? choice, string? refusal)
    {
        Dictionary<string, string> settings = new(fitted.Settings);
        if (choice is not null)
        {
            settings["tuning"] = choice;
        }

        if (refusal is not null)
        {
            settings["ONNX file"] = refusal;
        }

        return settings;
    }

    private CalibratedResult? Calibrated(TrainedModel model, IReadOnlyList<Example> heldOut, Predictions predictions, CancellationToken cancellation)
    {
        if (heldOut.Count == 0)
        {
            return null;
        }

        double temperature = TemperatureScaling.Fit(model.PredictCached(cache, heldOut, null, cancellation), [.. heldOut.Select(example => example.Label)]);
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
    private static double Latency(TrainedModel model, IReadOnlyList<Example> test, CancellationToken cancellation)
    {
        List<double> times = [];
        foreach (Example example in test.Take(LatencyExamples))
        {
            long start = Stopwatch.GetTimestamp();
            model.Predict([example], null, cancellation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        double[] sorted = [.. times.Skip(times.Count > 1 ? 1 : 0).Order()];
        return sorted[sorted.Length / 2];
    }

    private IReadOnlyList<Mistake> Mistakes(RunResult result, IReadOnlyList<Example> test, IReadOnlyList<Example> train, TrainedModel model,
        CancellationToken cancellation) =>
        Examiner.WithFocus(
            backbone.Encoder.Kind == InputKind.Text
                ? WorstMistakes.Texts(result, test, new(backbone, compute, cache, train), cancellation)
                : WorstMistakes.Images(result, test),
            model, cancellation);
}
