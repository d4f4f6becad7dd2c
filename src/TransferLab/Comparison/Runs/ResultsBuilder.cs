using System.Reflection;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Makes results of what the runs found.</summary>
internal sealed class ResultsBuilder(LabeledData data, IReadOnlyList<Backbone> backbones, ComputeDevice compute, ComparisonOptions options,
    IReadOnlyList<string> warnings)
{
    private static readonly MetricSummary[] s_metrics = [MetricSummary.Accuracy];
    private readonly int[] _labels = [.. data.Test.Select(example => example.Label)];
    private readonly Lazy<BackboneSummary[]> _backbones = new(() => [.. backbones.Select(Summarize)]);

    /// <summary>The results so far.</summary>
    /// <param name="records">What the rows found.</param>
    /// <param name="trainExamples">Training examples of a run.</param>
    /// <param name="examiner">What looked at the runs of a backbone.</param>
    public ComparisonResults Of(IReadOnlyList<RowRecord> records, int trainExamples, Func<Backbone, RunExaminer> examiner)
    {
        double[] levels = TimeToAccuracy.Levels(records.Select(record => record.Runs));
        StrategyResult[] rows = [.. records.Select(record => examiner(record.Adaptation.Backbone)
            .Complete(Row(record) with { TimesToAccuracy = TimeToAccuracy.Of(record.Runs, levels) }, _labels))];
        IReadOnlyList<PairResult> pairs = PairStatistics.Of(rows, _labels, s_metrics[0]);
        return new()
        {
            Program =
                $"TransferLab {typeof(Comparer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
            Created = DateTimeOffset.UtcNow,
            Command = options.Command,
            Data = new()
            {
                Name = data.Name,
                Kind = backbones[0].Encoder.Kind,
                Hash = data.Hash,
                Classes = data.Classes,
                TrainExamples = trainExamples,
                TrainPerClass = options.TrainPerClass,
                TestExamples = data.Test.Count,
                Warnings = warnings,
            },
            Backbone = _backbones.Value[0],
            Backbones = backbones.Count > 1 ? _backbones.Value : null,
            Machine = MachineFacts.Of(compute),
            Metrics = s_metrics,
            Strategies = rows,
            Pairs = pairs,
            Verdicts = Verdict.Summary(rows, pairs),
            Warnings = [.. Collapse.Warnings(rows, _labels, data.Classes), .. UntriedRates.Warnings(rows, options, trainExamples)],
            Test = [.. data.Test.Select(example => new TestExample(example.Name, example.Label))],
        };
    }

    private StrategyResult Row(RowRecord record)
    {
        List<RunResult> runs = record.Runs;
        Dictionary<string, Estimate> estimates = s_metrics.ToDictionary(
            metric => metric.Name, metric => Intervals.Mean([.. runs.Select(run => TaskScores.Of(run, metric, _labels))], metric.IsShare));
        return new()
        {
            Name = record.Row.Name,
            Strategy = record.Adaptation.Strategy.Name,
            Model = record.Adaptation.Model,
            Context = record.Row.Context.Name is { Length: > 0 } context ? context : null,
            Role = record.Adaptation.Strategy.Role,
            End = Spectrum.EndOf(record.Adaptation.Strategy.Name),
            MovesPretrained = record.Adaptation.Strategy.MovesPretrained,
            Description = record.Adaptation.Strategy.Description,
            Accuracy = estimates[s_metrics[0].Name],
            Estimates = estimates,
            AccuracySpread = Spread([.. runs.Select(run => run.Accuracy)]),
            MacroF1 = runs.Average(run => run.MacroF1),
            LogLoss = runs.Average(run => run.LogLoss),
            TrainSeconds = runs.Average(run => run.Time.Total),
            LatencyMilliseconds = runs.Select(run => run.LatencyMilliseconds).Order().ElementAt(runs.Count / 2),
            PeakMemoryBytes = runs.Min(run => run.PeakMemoryBytes), // What earlier runs left in the heap counts in the others.
            TrainableParameters = record.Trainable,
            TotalParameters = record.Total,
            Runs = [.. runs],
            Calibration = CalibrationOver(runs, run => run.Score),
            CalibratedBy = runs.All(run => run.Calibrated is not null) ? CalibrationOver(runs, run => run.Calibrated!.Score) : null,
            Classes = ClassFigures.Of(runs, _labels, data.Classes.Count),
            WorstMistakes = record.Mistakes ?? [],
        };
    }

    private Calibration CalibrationOver(List<RunResult> runs, Func<RunResult, IReadOnlyList<float>> scores) =>
        CalibrationMeasure.Of([.. runs.SelectMany(scores)], [.. runs.SelectMany(run => run.Predicted.Select((label, i) => label == _labels[i]))],
            _labels.Length);

    private static double? Spread(double[] values) =>
        values.Length < 2 ? null : Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));

    private static BackboneSummary Summarize(Backbone backbone)
    {
        using BackboneNetwork network = backbone.CreateRandom(seed: 0);
        return new()
        {
            Name = backbone.Card.Name,
            Architecture = backbone.Card.Architecture,
            Origin = backbone.Card.Origin,
            TrainedOn = backbone.Card.TrainedOn,
            Licence = backbone.Card.Licence,
            Assumed = backbone.Card.Assumed,
            Sha256 = backbone.Card.Sha256,
            Parameters = network.Module.parameters().Sum(parameter => parameter.numel()),
            FeatureWidth = network.FeatureWidth,
            Preprocessing = backbone.Encoder.Description,
        };
    }
}
