using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>Whole comparisons on a small network.</summary>
[Collection(TorchCollection.Name)]
public sealed class ComparerTests : IDisposable
{
    private static readonly string[] s_names = ["frozen", "full", "classical"];
    private readonly SmallTask _task = new();
    private readonly TemporaryFolder _out = new();

    public void Dispose()
    {
        _task.Dispose();
        _out.Dispose();
    }

    [Fact]
    public void Everything_is_written_and_can_be_read()
    {
        ComparisonResults results = Run("one");
        string folder = Path.Combine(_out.Path, "one");

        ComparisonResults read = ResultsFile.Read(Path.Combine(folder, "results.json"));
        Assert.Equal(s_names, read.Strategies.Select(strategy => strategy.Name));
        Assert.Equal(3, read.Pairs.Count);
        Assert.Equal(results.Verdicts, read.Verdicts);
        Assert.All(read.Strategies, strategy =>
        {
            Assert.Equal([1, 2], strategy.Runs.Select(run => run.Seed));
            Assert.All(strategy.Runs, run => Assert.Equal(_task.Data.Test.Count, run.Predicted.Count));
            Assert.InRange(strategy.Accuracy.Value, strategy.Accuracy.Low, strategy.Accuracy.High);
        });
        string[] rows = [.. Directory.GetFiles(Path.Combine(folder, "predictions")).SelectMany(file => File.ReadLines(file).Skip(1))];
        Assert.Equal(_task.Data.Test.Count * 3 * 2, rows.Length);
        Assert.All(rows, row => Assert.InRange(double.Parse(row.Split(',')[3], CultureInfo.InvariantCulture), 1.0 / 3 - 1e-6, 1));
        foreach (string name in s_names)
        {
            using TrainedModel model = ModelFile.Load(Path.Combine(folder, "models", name + ".safetensors"), SmallBackbone.Compute);
            Assert.Equal(read.Strategies.Single(s => s.Name == name).Runs[0].Predicted, model.Predict(_task.Data.Test).Labels);
        }

        Assert.Empty(Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_strategy_of_one_s_own_is_compared_by_the_learner_that_is_given_for_it()
    {
        Own own = new() { Name = "own", Description = "the head alone, by a learner of one's own" };
        int fitted = 0;
        LearnerRegistry learners = LearnerRegistry.Known.With<Own>((_, context) =>
        {
            fitted++;
            Learner learner = new(context.Backbone, context.Compute, context.Cache, context.Options);
            return learner.Fit(TransferStrategy.Frozen(), context.Train, context.Task, context.Seed);
        });
        ComparisonOptions options = new() { Strategies = [own, TransferStrategy.Frozen()], Seeds = 2, Inspects = false, Learners = learners };
        ComparisonResults Run(ComparisonOptions how) => new Comparer(_task.Data, SmallBackbone.CreateNamed(), SmallBackbone.Compute, how).Run();
        IReadOnlyList<StrategyResult> found = Run(options).Strategies;

        Assert.Equal(2, fitted);
        Assert.Equal(found[1].Runs.SelectMany(run => run.Predicted), found[0].Runs.SelectMany(run => run.Predicted));
        string said = Assert.Throws<ArgumentException>(() => Run(options with { Learners = null })).Message;
        Assert.Contains("There is no learner for strategies of the type Own", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_finds_the_same_but_for_times()
    {
        Assert.Equal(WithoutTimes(Run("one")), WithoutTimes(Run("two")));
        Assert.Equal(Predictions("one"), Predictions("two"));
    }

    [Fact]
    public void A_cancelled_run_keeps_finished_seeds_and_nothing_half_written()
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => Run("cut", progress =>
        {
            if (progress is { Seed: 2, Strategy: "full", Training.Stage: "training" })
            {
                stop.Cancel();
            }
        }, stop.Token));

        string folder = Path.Combine(_out.Path, "cut");
        ComparisonResults kept = ResultsFile.Read(Path.Combine(folder, "results.json"));
        Assert.All(kept.Strategies, strategy => Assert.Equal(1, Assert.Single(strategy.Runs).Seed));
        Assert.Equal(["classical-seed1.csv", "frozen-seed1.csv", "frozen-seed2.csv", "full-seed1.csv"],
            Directory.GetFiles(Path.Combine(folder, "predictions")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        ComparisonOptions good = new();
        Assert.Throws<ArgumentException>(() => (good with { Strategies = [] }).Validate());
        Assert.Contains("'frozen' is named twice",
            Assert.Throws<ArgumentException>(() => (good with { Strategies = [TransferStrategy.Frozen(), TransferStrategy.Frozen()] }).Validate()).Message,
            StringComparison.Ordinal);
        Assert.Contains("not 0", Assert.Throws<ArgumentException>(() => (good with { Seeds = 0 }).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("not 0", Assert.Throws<ArgumentException>(() => (good with { TrainPerClass = 0 }).Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prediction_files_quote_what_would_break_a_row()
    {
        string path = Path.Combine(_out.Path, "new", "predictions.csv");
        PredictionFile.Write(path, [new("a,b.jpg", "", 0), new("say \"x\".jpg", "", 1), new("two\nlines", "", 0)],
            new([[0.75f, 0.25f], [0.75f, 0.25f], [0, 1]]), ["plain", "with, comma"]);
        Assert.Equal(
            "item,label,predicted,score\n\"a,b.jpg\",plain,plain,0.750000\n\"say \"\"x\"\".jpg\",\"with, comma\",plain,0.750000\n\"two\nlines\",plain,\"with, "
                + "comma\",1.000000\n", File.ReadAllText(path));

        PredictionFile.Write(path, [new("a", "", 0)], new([[0.75f, 0.25f]]), ["x", "y"], labelled: false);
        Assert.Equal("item,label,predicted,score\na,,x,0.750000\n", File.ReadAllText(path));
    }

    private ComparisonResults Run(string folder, Action<ComparisonProgress>? tell = null, CancellationToken cancellation = default)
    {
        TransferStrategy full = TransferStrategy.Full();
        ComparisonOptions options = new()
        {
            Strategies = [TransferStrategy.Frozen(), full with { Phases = [full.Phases[0] with { Epochs = 1 }] }, ClassicalStrategy.Default()],
            Seeds = 2,
            TrainPerClass = 4,
            OutputFolder = Path.Combine(_out.Path, folder),
        };
        Directory.CreateDirectory(options.OutputFolder);
        return new Comparer(_task.Data, SmallBackbone.CreateNamed(), SmallBackbone.Compute, options).Run(new Teller(tell), cancellation);
    }

    private string[] Predictions(string folder) =>
        [.. Directory.GetFiles(Path.Combine(_out.Path, folder, "predictions")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static string WithoutTimes(ComparisonResults results)
    {
        JsonNode node = JsonSerializer.SerializeToNode(results)!;
        Strip(node);
        return node.ToJsonString();
    }

    private static void Strip(JsonNode? node)
    {
        string[] timed = ["Created", "Time", "TrainSeconds", "LatencyMilliseconds", "PeakMemoryBytes", "Seconds", "TimeRatio", "Sentence", "Verdicts"];
        foreach (JsonNode? child in node switch
        {
            JsonObject fields => fields.Where(field => timed.Contains(field.Key)).Select(field => field.Key).ToList()
                .Aggregate(fields, (o, key) => { o.Remove(key); return o; }).Select(field => field.Value),
            JsonArray items => items,
            _ => Enumerable.Empty<JsonNode?>(),
        })
        {
            Strip(child);
        }
    }

    private sealed class Teller(Action<ComparisonProgress>? tell) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => tell?.Invoke(value);
    }

    private sealed record Own : Strategy;
}
