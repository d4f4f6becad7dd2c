using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>A row is a model, adapted by a strategy, tested in a context.</summary>
[Collection(TorchCollection.Name)]
public sealed class RowTests : IDisposable
{
    private static readonly TestContext s_late = new() { Name = "late", Apply = example => example with { Source = "late late late" } };
    private readonly TemporaryFolder _out = new();
    private readonly List<ComparisonProgress> _told = [];

    public void Dispose() => _out.Dispose();

    [Fact]
    public void Each_backbone_has_its_rows_and_what_uses_none_has_one()
    {
        ComparisonOptions options = Options(TransferStrategy.Frozen(), ClassicalStrategy.Default(), KnnStrategy.Default());
        ComparisonResults alone = Run(options with { OutputFolder = null }, Named("mine"));

        ComparisonResults results = Run(options, Named("hub:a/one"), Named("mine"));

        Assert.Equal(["hub:a/one.frozen", "classical", "hub:a/one.knn", "mine.frozen", "mine.knn"], results.Strategies.Select(row => row.Name));
        Assert.Equal(["hub:a/one", null, "hub:a/one", "mine", "mine"], results.Strategies.Select(row => row.Model));
        Assert.Equal(["frozen", "classical", "knn", "frozen", "knn"], results.Strategies.Select(row => row.Strategy));
        Assert.Equal(["hub:a/one", "mine"], results.Backbones!.Select(backbone => backbone.Name));
        Assert.Equal(alone.Strategies[0].Runs[0].Score, results.Strategies[3].Runs[0].Score);
        Assert.Equal(10, results.Pairs.Count);
        Assert.Equal(["classical.zip", "hub-a-one.frozen.onnx", "hub-a-one.frozen.safetensors", "hub-a-one.knn.onnx", "hub-a-one.knn.safetensors",
            "mine.frozen.onnx", "mine.frozen.safetensors", "mine.knn.onnx", "mine.knn.safetensors"],
            Files("models"));
        Assert.Equal(["classical-seed1.csv", "hub-a-one.frozen-seed1.csv", "hub-a-one.knn-seed1.csv", "mine.frozen-seed1.csv", "mine.knn-seed1.csv"],
            Files("predictions"));
        _told.Clear();
        Run(options, Named("hub:a/one"), Named("mine"));
        Assert.Equal(5, _told.Count(told => told.Kept));
    }

    [Fact]
    public void A_model_is_trained_once_a_seed_and_tested_in_every_context()
    {
        ComparisonOptions options = Options(TransferStrategy.Frozen(), KnnStrategy.Default()) with { Contexts = [TestContext.None, s_late], Seeds = 2 };

        ComparisonResults results = Run(options, Named("one"));

        Assert.Equal(["frozen", "frozen+late", "knn", "knn+late"], results.Strategies.Select(row => row.Name));
        Assert.Equal([null, "late", null, "late"], results.Strategies.Select(row => row.Context));
        Assert.Equal(4, _told.Where(told => told.Training.Stage == "done").Select(told => told.Run).Distinct().Count());
        Assert.All(results.Strategies, row => Assert.Equal([1, 2], row.Runs.Select(run => run.Seed)));
        Assert.Single(results.Strategies[1].Runs[0].Predicted.Distinct());
        Assert.Contains("frozen+late gives 'late'", Assert.Single(results.Warnings), StringComparison.Ordinal);
        Assert.Equal(results.Strategies[0].Runs[0].Time, results.Strategies[1].Runs[0].Time);
        Assert.Equal(["frozen.onnx", "frozen.safetensors", "knn.onnx", "knn.safetensors"], Files("models"));
        Assert.Contains("frozen+late-seed2.csv", Files("predictions"));
        _told.Clear();
        Run(options with { Contexts = [TestContext.None, s_late with { Apply = example => example }] }, Named("one"));
        Assert.DoesNotContain(_told, told => told.Kept); // What is asked has changed, and no model is kept in memory.
        _told.Clear();
        Run(options with { Contexts = [TestContext.None] }, Named("one"));
        Assert.Equal(4, _told.Count(told => told.Kept));
    }

    [Fact]
    public void Names_from_code_stay_inside_the_folder_and_apart()
    {
        ComparisonOptions options = Options(TransferStrategy.Frozen() with { Name = "../../away" }, TransferStrategy.Frozen() with { Name = "same" },
            KnnStrategy.Default() with { Name = "Same" });

        ComparisonResults results = Run(options, Named("one"));

        Assert.Equal(["../../away", "same", "Same"], results.Strategies.Select(row => row.Name));
        Assert.Equal(3, Files("predictions").Select(name => name.ToUpperInvariant()).Distinct().Count());
        Assert.All(Directory.GetFiles(_out.Path, "*", SearchOption.AllDirectories), file =>
            Assert.StartsWith(Path.Combine(_out.Path, "out"), file, StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_an_example_are_kept_by_metric()
    {
        ComparisonResults results = Run(Options(TransferStrategy.Frozen()), Named("one"));
        StrategyResult row = results.Strategies[0];

        Assert.Equal(results.Test.Select((example, i) => example.Label == row.Runs[0].Predicted[i] ? 1.0 : 0), row.Runs[0].Scores["accuracy"]);
        Assert.Equal(row.Accuracy, row.Estimates["accuracy"]);
        Assert.Equal("accuracy", Assert.Single(results.Metrics).Name);
    }

    [Fact]
    public void A_second_call_is_a_comparison_of_its_own_and_a_given_cache_stays_the_callers()
    {
        using FeatureCache cache = new();
        Comparer comparer =
            new(SmallText.Task(), SmallText.Create(), SmallBackbone.Compute, new() { Strategies = [TransferStrategy.Frozen()], Seeds = 2, Cache = cache });

        ComparisonResults first = comparer.Run(), second = comparer.Run();

        Assert.Equal(2, second.Strategies[0].Runs.Count);
        Assert.Equal(first.Strategies[0].Accuracy, second.Strategies[0].Accuracy);
        Assert.Equal(18, cache.Count);
        Assert.True(cache.Serves(SmallText.Task().Test, SmallText.Create().Encoder));
        new LearningCurveComparer(SmallText.Task(), SmallText.Create(), SmallBackbone.Compute,
            new() { Strategies = [TransferStrategy.Frozen()], Cache = cache }, [2, 3]).Run();
        Assert.True(cache.Serves(SmallText.Task().Test, SmallText.Create().Encoder));
    }

    [Fact]
    public void Backbones_and_contexts_that_make_no_table_are_refused()
    {
        ComparisonOptions good = new();
        string Refused(ComparisonOptions options) => Assert.Throws<ArgumentException>(options.Validate).Message;

        Assert.Contains("named 'one'", Assert.Throws<ArgumentException>(() => Run(good, Named("one"), Named("one"))).Message, StringComparison.Ordinal);
        Assert.Contains("reads images", Assert.Throws<ArgumentException>(() => Run(good, Named("one"), SmallBackbone.Create())).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run(good));
        Assert.Contains("given ' '", Refused(good with { Strategies = [TransferStrategy.Full() with { Name = " " }] }), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Refused(good with { Strategies = [TransferStrategy.Full() with { Name = "a\nb" }] }));
        Assert.Contains("1 to 200", Refused(good with { Strategies = [TransferStrategy.Full() with { Name = new('x', 201) }] }), StringComparison.Ordinal);
        Assert.Contains("context 'late' is named twice", Refused(good with { Contexts = [s_late, s_late with { Apply = null }] }), StringComparison.Ordinal);
        Assert.Contains("one context or more", Refused(good with { Contexts = [] }), StringComparison.Ordinal);
        Assert.Contains("rows of the comparison would be named 'frozen+late'",
            Assert.Throws<ArgumentException>(() =>
                Run(Options(TransferStrategy.Frozen(), TransferStrategy.Full() with { Name = "frozen+late" }) with { Contexts = [TestContext.None, s_late] },
                    Named("one"))).Message,
            StringComparison.Ordinal);
    }

    private static Backbone Named(string name) => SmallText.Create(name == "mine" ? Pooling.First : Pooling.Mean) is var backbone
        ? backbone with { Card = backbone.Card with { Name = name } }
        : backbone;

    private string[] Files(string folder) =>
        [.. Directory.GetFiles(Path.Combine(_out.Path, "out", folder)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private ComparisonOptions Options(params Strategy[] strategies) => new()
    {
        Strategies = strategies,
        OutputFolder = Path.Combine(_out.Path, "out"),
        Inspects = false,
    };

    private ComparisonResults Run(ComparisonOptions options, params Backbone[] backbones) =>
        new Comparer(SmallText.Task(), backbones, SmallBackbone.Compute, options).Run(new TransferLab.Runtime.ImmediateProgress<ComparisonProgress>(_told.Add));
}
