using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>One call of <see cref="Comparer.Run"/>: which runs there are, which of them are kept from before, and what all of them found.</summary>
internal sealed class ComparisonRun
{
    private readonly LabeledData _data;
    private readonly ComparisonOptions _options;
    private readonly IReadOnlyList<Adaptation> _adaptations;
    private readonly RunStore? _store;
    private readonly Dictionary<string, ModelRunner> _runners;
    private readonly Dictionary<ComparisonRow, RowRecord> _records;
    private readonly ResultsBuilder _results;

    public ComparisonRun(
        LabeledData data, IReadOnlyList<Backbone> backbones, ComputeDevice compute, ComparisonOptions options, FeatureCache cache,
            IReadOnlyList<string> warnings,
        Action<Strategy, int, FitResult>? tested)
    {
        (_data, _options) = (data, options);
        _adaptations = Adaptation.All(backbones, options);
        _store = options.OutputFolder is { } folder ? new(folder) : null;
        _runners =
            backbones.ToDictionary(backbone => backbone.Card.Name, backbone => new ModelRunner(data, backbone, compute, options, cache) { Tested = tested });
        _records = _adaptations.SelectMany(adaptation => adaptation.Rows.Select(row => new RowRecord(adaptation, row))).ToDictionary(record => record.Row);
        _results = new(data, backbones, compute, options, warnings);
    }

    /// <summary>Runs it.</summary>
    public ComparisonResults Go(IProgress<ComparisonProgress>? progress, CancellationToken cancellation)
    {
        int run = 0, runs = _options.Seeds * _adaptations.Count;
        ComparisonResults? results = null;
        for (int seed = 1; seed <= _options.Seeds; seed++)
        {
            IReadOnlyList<Example> train = _options.TrainPerClass is { } perClass ? Split.Subsample(_data, perClass, seed).Train : _data.Train;
            foreach (Adaptation adaptation in _adaptations)
            {
                run++;
                (int s, int number) = (seed, run);
                ImmediateProgress<TrainingProgress> told = new(p => progress?.Report(new(adaptation.Name, s, number, runs, p)));
                (IReadOnlyList<StoredRun> found, bool kept) = RunOrKeep(adaptation, train, seed, told, cancellation);
                foreach ((ComparisonRow row, StoredRun stored) in adaptation.Rows.Zip(found))
                {
                    _records[row].Add(stored);
                    progress?.Report(new(row.Name, seed, run, runs, new("done", 1), stored.Result, kept));
                }
            }

            results = _results.Of([.. _records.Values], _options.Calibrate
                ? CalibrationSplit.Of(train, seed).Kept.Count
                : train.Count, backbone => _runners[backbone.Card.Name].Examiner);
            if (_options.OutputFolder is { } folder)
            {
                ResultsFile.Write(results, Path.Combine(folder, "results.json"));
            }
        }

        return results!;
    }

    /// <summary>A finished run of an earlier call is not repeated, and an unfinished one goes on.</summary>
    private (IReadOnlyList<StoredRun> Runs, bool Kept) RunOrKeep(Adaptation adaptation, IReadOnlyList<Example> train, int seed,
        IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        ModelRunner runner = _runners[adaptation.Backbone.Card.Name];
        if (_options.Restart)
        {
            Forget(adaptation, seed);
        }

        string[] fingerprints = _store is null ? [] : [.. adaptation.Rows.Select(row => runner.Fingerprint.Of(adaptation.Strategy, seed, train, row.Context))];
        StoredRun?[] stored = [.. adaptation.Rows.Zip(fingerprints, (row, fingerprint) => _store!.Find(row.Stem, seed, fingerprint, runner.SavesModel(seed)))];
        if (stored.Length > 0 && stored.All(run => run is not null))
        {
            return (stored!, true);
        }

        IReadOnlyList<StoredRun> runs = runner.Run(adaptation, train, seed, _store, row => _records[row].Mistakes is null, progress, cancellation);
        if (_store is not null)
        {
            runs = [.. runs.Zip(fingerprints, (run, fingerprint) => run with { Fingerprint = fingerprint })];
            foreach ((ComparisonRow row, StoredRun run) in adaptation.Rows.Zip(runs))
            {
                _store.Save(row.Stem, run);
            }

            _store.ForgetUnfinished(adaptation.Stem, seed);
        }

        return (runs, false);
    }

    private void Forget(Adaptation adaptation, int seed)
    {
        _store?.ForgetUnfinished(adaptation.Stem, seed);
        foreach (ComparisonRow row in adaptation.Rows)
        {
            _store?.Forget(row.Stem, seed);
        }
    }
}
