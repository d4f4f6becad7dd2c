using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.MLNetBaselines;

/// <summary>Trains baselines on the splits of <c>transferlab compare</c> and gathers what its results file holds.</summary>
internal sealed class BaselineRuns(LabeledData data, BaselineArguments arguments)
{
    private readonly Dictionary<string, List<RunResult>> _runs = [];
    private readonly int[] _labels = [.. data.Test.Select(example => example.Label)];
    private int _trained;

    /// <summary>Trains one and tests it.</summary>
    public RunResult Add(Baseline baseline, int seed)
    {
        IReadOnlyList<Example> train = arguments.TrainPerClass is { } each ? Split.Subsample(data, each, seed).Train : data.Train;
        _trained = train.Count;
        MLContext context = new(seed);
        using PeakMemory memory = new();
        long start = Stopwatch.GetTimestamp();
        IEstimator<ITransformer> pipeline = Keys(context).Append(baseline.Pipeline(context));
        ITransformer model = pipeline.Fit(context.Data.LoadFromEnumerable(train.Select(example => BaselineRow.Of(example, data.Classes))));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Predictions predictions = Predict(context, model, data.Test);
        Metrics metrics = Metrics.Of(predictions, _labels, data.Classes.Count);
        RunResult result = new()
        {
            Seed = seed,
            Accuracy = metrics.Accuracy,
            MacroF1 = metrics.MacroF1,
            LogLoss = metrics.LogLoss,
            Time = new() { Reading = 0, Features = 0, Training = seconds },
            Epochs = 0,
            PeakMemoryBytes = memory.Bytes,
            LatencyMilliseconds = Latency(context, model),
            Curve = [],
            Predicted = predictions.Labels,
            Score = predictions.Scores,
        };
        _runs.TryAdd(baseline.Name, []);
        _runs[baseline.Name].Add(result);
        return result;
    }

    /// <summary>The content of results.json; <c>transferlab report</c> lays it beside others.</summary>
    public ComparisonResults Results(IReadOnlyList<Baseline> baselines)
    {
        StrategyResult[] strategies = [.. baselines.Select(Summarize)];
        IReadOnlyList<PairResult> pairs = PairStatistics.Of(strategies, _labels);
        return new()
        {
            Program = "TransferLab.MLNetBaselines, ML.NET 5.0.1",
            Created = DateTimeOffset.UtcNow,
            Command = $"dotnet run --project src/TransferLab.MLNetBaselines -p:WithMLNetBaselines=true -- {arguments.Command}",
            Data = new()
            {
                Name = data.Name,
                Kind = arguments.IsText ? "text" : "image",
                Hash = data.Hash,
                Classes = data.Classes,
                TrainExamples = _trained,
                TrainPerClass = arguments.TrainPerClass,
                TestExamples = data.Test.Count,
                Warnings = data.Warnings,
            },
            Backbone = Backbone(),
            Machine = new()
            {
                OperatingSystem = RuntimeInformation.OSDescription,
                Processor = RuntimeInformation.ProcessArchitecture.ToString(),
                Device = "cpu",
                Threads = Environment.ProcessorCount,
                Precision = "float32",
                Runtime = RuntimeInformation.FrameworkDescription,
                Packages = new Dictionary<string, string> { ["Microsoft.ML"] = "5.0.1" },
            },
            Strategies = strategies,
            Pairs = pairs,
            Verdicts = [.. pairs.Select(pair => pair.Sentence)],
            Test = [.. data.Test.Select(example => new TestExample(example.Name, example.Label))],
        };
    }

    /// <summary>Keys in the order of the classes, so that scores are in label order.</summary>
    private IEstimator<ITransformer> Keys(MLContext context) => context.Transforms.Conversion.MapValueToKey(
        nameof(BaselineRow.Label), keyData: context.Data.LoadFromEnumerable(data.Classes.Select(name => new BaselineRow { Label = name })));

    private Predictions Predict(MLContext context, ITransformer model, IEnumerable<Example> examples)
    {
        IDataView rows = model.Transform(context.Data.LoadFromEnumerable(examples.Select(example => BaselineRow.Of(example, data.Classes))));
        return new(
            [.. context.Data.CreateEnumerable<BaselineScore>(rows, reuseRowObject: false, ignoreMissingColumns: true).Select(row => Softmax(row.Score))]);
    }

    /// <summary>Probabilities as they are; anything else is taken for logits.</summary>
    private static float[] Softmax(float[] scores)
    {
        if (scores.All(score => score >= 0) && Math.Abs(scores.Sum() - 1) < 1e-3)
        {
            return scores;
        }

        double[] weights = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    private double Latency(MLContext context, ITransformer model)
    {
        double[] times = [.. data.Test.Take(21).Select(example =>
        {
            long start = Stopwatch.GetTimestamp();
            Predict(context, model, [example]);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).Order()];
        return times[times.Length / 2];
    }

    private StrategyResult Summarize(Baseline baseline)
    {
        List<RunResult> runs = _runs[baseline.Name];
        return new()
        {
            Name = baseline.Name,
            Description = baseline.Description,
            Accuracy = Intervals.Mean([.. runs.Select(run => TaskScores.Right(run.Predicted, _labels))]),
            MacroF1 = runs.Average(run => run.MacroF1),
            LogLoss = runs.Average(run => run.LogLoss),
            TrainSeconds = runs.Average(run => run.Time.Total),
            LatencyMilliseconds = runs.Select(run => run.LatencyMilliseconds).Order().ElementAt(runs.Count / 2),
            PeakMemoryBytes = runs.Min(run => run.PeakMemoryBytes), // What earlier runs left in the heap counts in the others.
            TrainableParameters = 0, // ML.NET does not tell.
            TotalParameters = 0,
            Runs = runs,
        };
    }

    private BackboneSummary Backbone() => new()
    {
        Name = arguments.IsText ? "nas-bert" : "resnet-50-v2",
        Architecture = arguments.IsText ? "NAS-BERT, 24 cells" : "ResNet-50 v2",
        Origin = "fetched by ML.NET when it trains",
        TrainedOn = arguments.IsText ? "not stated by ML.NET" : "ImageNet",
        Licence = "not stated by ML.NET",
        Sha256 = "",
        Parameters = 0,
        FeatureWidth = arguments.IsText ? 512 : 2048,
        Preprocessing = "ML.NET's own",
    };
}
