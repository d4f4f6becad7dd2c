using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Everything a comparison found: the content of <c>results.json</c>. Tables, plots and the page are made from it alone.
/// </summary>
[Runtime.TypeFormatterSource(typeof(Runtime.NotebookFormatters))]
public sealed record ComparisonResults
{
    /// <summary>Version of this format.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The program that wrote it, with its version.</summary>
    public required string Program { get; init; }

    /// <summary>When the comparison ended, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The command that repeats it.</summary>
    public string Command { get; init; } = "";

    /// <summary>The task.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>The pretrained network that all strategies share.</summary>
    public required BackboneSummary Backbone { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineSummary Machine { get; init; }

    /// <summary>One entry a strategy, in the order asked for.</summary>
    public required IReadOnlyList<StrategyResult> Strategies { get; init; }

    /// <summary>Differences between strategies, paired on the test examples.</summary>
    public IReadOnlyList<PairResult> Pairs { get; init; } = [];

    /// <summary>Plain sentences that sum up, the most important one first.</summary>
    public IReadOnlyList<string> Verdicts { get; init; } = [];

    /// <summary>Some test examples in the plane of the pretrained features; null where nothing was looked at.</summary>
    public Projection? Features => Strategies.SelectMany(strategy => strategy.Runs).FirstOrDefault(run => run.Inspection is not null)?.Inspection!.Before;

    /// <summary>The data on which <see cref="StrategyResult.Retention"/> was measured; null where it was not.</summary>
    public RetentionData? Retention => Strategies.SelectMany(strategy => strategy.Runs).FirstOrDefault(run => run.Retention is not null)?.Retention!.Data;

    /// <summary>Accuracy with more and more training examples, where the comparison was made at several sizes; all else is of the largest.</summary>
    public IReadOnlyList<LearningCurve>? LearningCurves { get; init; }

    /// <summary>Where fine-tuning overtakes freezing.</summary>
    public IReadOnlyList<Crossing>? Crossings { get; init; }

    /// <summary>The test examples, in the order of every run's <see cref="RunResult.Predicted"/>.</summary>
    public required IReadOnlyList<TestExample> Test { get; init; }

    /// <summary>The comparisons that these results were joined from; empty for a single one.</summary>
    public IReadOnlyList<ResultsSource> Sources { get; init; } = [];
}

/// <summary>What was trained and tested on.</summary>
public sealed record DataSummary
{
    /// <summary>Name of the data set.</summary>
    public required string Name { get; init; }

    /// <summary><c>image</c> or <c>text</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>SHA-256 over all examples.</summary>
    public required string Hash { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Training examples that each run used.</summary>
    public required int TrainExamples { get; init; }

    /// <summary>Training examples per class that were drawn, where the number was limited.</summary>
    public int? TrainPerClass { get; init; }

    /// <summary>Test examples.</summary>
    public required int TestExamples { get; init; }

    /// <summary>What a person should know about the data, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The pretrained network of the comparison.</summary>
public sealed record BackboneSummary
{
    /// <summary>Name, as <c>--backbone</c> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>Architecture in a few words.</summary>
    public required string Architecture { get; init; }

    /// <summary>Where the weights come from.</summary>
    public required string Origin { get; init; }

    /// <summary>What it was trained on.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>Licence of the weights.</summary>
    public required string Licence { get; init; }

    /// <summary>SHA-256 of the weights' file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Parameters without the head.</summary>
    public required long Parameters { get; init; }

    /// <summary>Width of the feature vector.</summary>
    public required int FeatureWidth { get; init; }

    /// <summary>Preprocessing in words, for example "short side to 96 px, centre crop, minus mean image".</summary>
    public required string Preprocessing { get; init; }
}

/// <summary>The machine and the software.</summary>
public sealed record MachineSummary
{
    /// <summary>Operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Device of the network: <c>cpu</c> or <c>cuda</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Threads of the tensor library.</summary>
    public required int Threads { get; init; }

    /// <summary>Type that convolutions and matrix products ran in: <c>float32</c> or <c>bfloat16</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>.NET runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary>Versions of the packages that decide the result, by name.</summary>
    public required IReadOnlyDictionary<string, string> Packages { get; init; }
}

/// <summary>One strategy: its runs and their summary.</summary>
public sealed record StrategyResult
{
    /// <summary>Name, as <c>--strategies</c> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Accuracy in [0, 1] with its 95 % interval.</summary>
    public required Estimate Accuracy { get; init; }

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

    /// <summary>Largest resident memory of the process during a run, bytes; of the run with the least, because what other strategies left in the heap adds to the rest.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Parameters that training moves.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>All parameters of the trained model.</summary>
    public required long TotalParameters { get; init; }

    /// <summary>One entry a seed.</summary>
    public required IReadOnlyList<RunResult> Runs { get; init; }

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

/// <summary>A value with its 95 % interval.</summary>
public sealed record Estimate(double Value, double Low, double High);

/// <summary>One training run and its test.</summary>
public sealed record RunResult
{
    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Share of test examples that were right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Macro-averaged F1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Log loss, natural logarithm.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Where the time went.</summary>
    public required RunTime Time { get; init; }

    /// <summary>Epochs trained (passes over the training examples); iterations for a solver that has none.</summary>
    public required int Epochs { get; init; }

    /// <summary>Largest resident memory of the process during the run, bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Milliseconds for one example, from file to label, median.</summary>
    public required double LatencyMilliseconds { get; init; }

    /// <summary>What training chose: learning rate, weight decay, augmentation, normalisation, best epoch. Name to value, for display.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How it went, over time.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>Predicted label of each test example.</summary>
    public required IReadOnlyList<int> Predicted { get; init; }

    /// <summary>Probability given to the predicted label, of each test example.</summary>
    public required IReadOnlyList<float> Score { get; init; }

    /// <summary>The tests that differ from the training data; null where there are none.</summary>
    public IReadOnlyList<ShiftedRun>? Shifted { get; init; }

    /// <summary>What training changed inside, with the first seed; null where it was not looked at.</summary>
    public RunInspection? Inspection { get; init; }

    /// <summary>What is left of the pretrained features; null where it was not measured.</summary>
    public Retention? Retention { get; init; }

    /// <summary>Probabilities mended by a temperature; null where none was fitted.</summary>
    public CalibratedResult? Calibrated { get; init; }
}

/// <summary>The difference between two strategies on the same test examples.</summary>
public sealed record PairResult
{
    /// <summary>Name of the first strategy.</summary>
    public required string First { get; init; }

    /// <summary>Name of the second strategy.</summary>
    public required string Second { get; init; }

    /// <summary>Accuracy of the second minus accuracy of the first, paired, with its 95 % interval.</summary>
    public required Estimate Difference { get; init; }

    /// <summary>Training time of the second divided by that of the first.</summary>
    public required double TimeRatio { get; init; }

    /// <summary>McNemar's test, the bootstrap and the size of test that would be needed; null in files of older versions.</summary>
    public PairTest? Test { get; init; }

    /// <summary>The finding in one plain sentence; names a winner only where the interval excludes zero and the corrected test agrees.</summary>
    public required string Sentence { get; init; }

    /// <summary>Whether a difference is shown: the interval excludes zero, and McNemar's test, corrected for the number of pairs, is at most 0.05.</summary>
    public bool Shows => (Difference.Low > 0 || Difference.High < 0) && (Test is null || Test.Corrected <= Verdict.Level);
}

/// <summary>A test example as reports show it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">Index of its true class.</param>
public sealed record TestExample(string Name, int Label);

/// <summary>A test example that the first run got wrong.</summary>
public sealed record Mistake
{
    /// <summary>Index into <see cref="ComparisonResults.Test"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Index of the predicted class.</summary>
    public required int Predicted { get; init; }

    /// <summary>Probability given to it.</summary>
    public required float Score { get; init; }

    /// <summary>A small picture of it as a data URI (<c>data:image/jpeg;base64,...</c>), for images.</summary>
    public string? Thumbnail { get; init; }

    /// <summary>The same picture, dark where the network found no evidence for its answer (Grad-CAM), as a data URI.</summary>
    public string? Focus { get; init; }

    /// <summary>Its text, for texts.</summary>
    public string? Text { get; init; }

    /// <summary>For texts, the training examples that the pretrained backbone takes for most alike, the nearest first.</summary>
    public IReadOnlyList<Neighbour>? Nearest { get; init; }
}

/// <summary>A training example that is like a test example.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Cosine">Cosine between the features of both.</param>
public sealed record Neighbour(string Text, int Label, float Cosine);
