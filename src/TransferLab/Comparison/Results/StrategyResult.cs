using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>One row of a comparison - a model, adapted by a strategy, tested in a context: its runs and their summary.</summary>
public sealed record StrategyResult
{
    /// <summary>Name of the row: the strategy as <c>--strategies</c> takes it, <c>strategy+context</c> in a context, and <c>model.strategy</c> where there are
    /// several models.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its strategy; null in files of older versions, where <see cref="Name"/> is it.</summary>
    public string? Strategy { get; init; }

    /// <summary>Name of its model, where there are several; null where there is one, or where the strategy uses none.</summary>
    public string? Model { get; init; }

    /// <summary>What the model was given beside each test example; null for nothing.</summary>
    public string? Context { get; init; }

    /// <summary>What the row is in the comparison.</summary>
    public StrategyRole Role { get; init; }

    /// <summary>The end of the spectrum that it is; null for what lies between or beside.</summary>
    public SpectrumEnd? End { get; init; }

    /// <summary>Whether it starts from the pretrained weights and moves them.</summary>
    public bool MovesPretrained { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Accuracy in [0, 1] with its 95 % interval; of other tasks the mean of the first of <see cref="ComparisonResults.Metrics"/>.</summary>
    public required Estimate Accuracy { get; init; }

    /// <summary>The mean of every metric with its 95 % interval, by name; empty in files of older versions.</summary>
    public IReadOnlyDictionary<string, Estimate> Estimates { get; init; } = new Dictionary<string, Estimate>();

    /// <summary>Standard deviation of the accuracy between seeds; null with one seed. The value of every seed is in <see cref="Runs"/>.</summary>
    public double? AccuracySpread { get; init; }

    /// <summary>Mean macro-averaged F1 over the runs.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Mean log loss (natural logarithm) over the runs.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean seconds from files to a trained model over the runs, as if no run had found cached features.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Median milliseconds for one example, from file to label.</summary>
    public required double LatencyMilliseconds { get; init; }

    /// <summary>Largest resident memory of the process during a run, bytes; of the run with the least, because what other strategies left in the heap adds to
    /// the rest.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Parameters that training moves.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>All parameters of the trained model.</summary>
    public required long TotalParameters { get; init; }

    /// <summary>One entry a seed.</summary>
    public required IReadOnlyList<RunResult> Runs { get; init; }

    /// <summary>What answers cost; null where labels are predicted.</summary>
    public WayCost? Cost { get; init; }

    /// <summary>Accuracy on tests that differ from the training data; null where there are none.</summary>
    public IReadOnlyList<ShiftResult>? Shifts { get; init; }

    /// <summary>What is left of the pretrained features, mean over the runs; null where it was not measured.</summary>
    public Retention? Retention { get; init; }

    /// <summary>What the first run changed in each layer group; null for strategies that do not start from the pretrained weights.</summary>
    public IReadOnlyList<LayerChange>? Layers => Runs.FirstOrDefault(run => run.Inspection is not null)?.Inspection!.Layers;

    /// <summary>The same test examples in the plane of the first run's features.</summary>
    public Projection? Features => Runs.FirstOrDefault(run => run.Inspection is not null)?.Inspection!.After;

    /// <summary>Whether it is right as often as it says, over all runs; null in files of older versions.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>The same with each run's temperature; null where none was fitted.</summary>
    public Calibration? CalibratedBy { get; init; }

    /// <summary>Recall and precision of every class, in label order; null in files of older versions.</summary>
    public IReadOnlyList<ClassFigures>? Classes { get; init; }

    /// <summary>How long it trains until it is good enough, by accuracy; the levels are the same for all strategies.</summary>
    public IReadOnlyList<TimeToAccuracy>? TimesToAccuracy { get; init; }

    /// <summary>The confident mistakes of the first run, the most confident first.</summary>
    public IReadOnlyList<Mistake> WorstMistakes { get; init; } = [];
}
