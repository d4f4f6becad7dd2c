using Microsoft.ML;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>Trains a strategy that is an ML.NET pipeline of its own.</summary>
internal static class PipelineTrainer
{
    /// <summary>Trains a model on all examples; nothing is held out.</summary>
    /// <exception cref="ArgumentException">The strategy reads another kind of example.</exception>
    public static FitResult Fit(
        PipelineStrategy strategy, InputKind kind, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (strategy.Kind != kind)
        {
            throw new ArgumentException($"The strategy '{strategy.Name}' reads {strategy.Kind}s, and these are {kind}s; leave it out.");
        }

        TrainingRun run = new(seed, progress, cancellation);
        MLContext ml = new(seed);
        IDataView rows = PipelineModel.Rows(ml, kind, train, classes, cancellation);
        IDataView keys = ml.Data.LoadFromEnumerable(classes.Select(name => new KeyRow { Label = name }));
        run.Report("training", 0);
        ITransformer pipeline;
        try
        {
            pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Append(strategy.Pipeline(ml)).Fit(rows);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation); // ML.NET wraps what stops its reading.
        }

        run.Report("training", 1);
        run.Settings["solver"] = "ML.NET pipeline";
        PipelineModel model = new(pipeline, rows.Schema, strategy.ParametersPerClass * (long)classes.Count) { Classes = classes };
        return new()
        {
            Model = model,
            Time = run.Clock.ToRunTime(),
            Epochs = 0, // ML.NET does not tell its iterations.
            Curve = run.Curve,
            Settings = run.Settings,
            TrainableParameters = model.Parameters,
        };
    }

    private sealed class KeyRow
    {
        public string Label { get; set; } = "";
    }
}
