namespace TransferLab.Comparison;

/// <summary>
/// Everything a comparison found: the content of <c>results.json</c>. Tables, plots and the page are made from it alone.
/// </summary>
[Runtime.TypeFormatterSource(typeof(Runtime.NotebookFormatters))]
public sealed record ComparisonResults
{
    /// <summary>The version of the format that this library writes. Files of versions 0 and 1 are read too.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Version of the format of the file.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The program that wrote it, with its version.</summary>
    public required string Program { get; init; }

    /// <summary>When the comparison ended, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The command that repeats it.</summary>
    public string Command { get; init; } = "";

    /// <summary>The task.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>The pretrained network that the strategies share; the first of several.</summary>
    public required BackboneSummary Backbone { get; init; }

    /// <summary>All of them, where there are several: <see cref="StrategyResult.Model"/> says which one a row is about.</summary>
    public IReadOnlyList<BackboneSummary>? Backbones { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineSummary Machine { get; init; }

    /// <summary>What is measured, example by example; the first one is what the rows' intervals and the pairs are about.</summary>
    public IReadOnlyList<MetricSummary> Metrics { get; init; } = [MetricSummary.Accuracy];

    /// <summary>One entry a row - a model, adapted by a strategy, tested in a context - in the order asked for.</summary>
    public required IReadOnlyList<StrategyResult> Strategies { get; init; }

    /// <summary>Differences between strategies, paired on the test examples.</summary>
    public IReadOnlyList<PairResult> Pairs { get; init; } = [];

    /// <summary>Plain sentences that sum up, the most important one first.</summary>
    public IReadOnlyList<string> Verdicts { get; init; } = [];

    /// <summary>What a person should know before trusting a row, such as that it gives one label to everything; one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

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

    /// <summary>What was asked, where answers are compared; null elsewhere.</summary>
    public QuestionSummary? Questions { get; init; }

    /// <summary>How ways of answering do after facts have changed; null where nobody looked.</summary>
    public FreshnessResult? Freshness { get; init; }

    /// <summary>The comparisons that these results were joined from; empty for a single one.</summary>
    public IReadOnlyList<ResultsSource> Sources { get; init; } = [];
}
