using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>A comparison goes on where it stopped, and tunes every strategy alike.</summary>
[Collection(TorchCollection.Name)]
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _out = new();
    private readonly List<ComparisonProgress> _told = [];

    public void Dispose() => _out.Dispose();

    [Fact]
    public void A_stopped_comparison_goes_on_and_ends_as_if_it_had_not_stopped()
    {
        ComparisonResults whole = Run(Options("whole"));
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Run(Options("cut"), stop, progress => progress is { Seed: 2, Strategy: "full", Training.Point.Epoch: 2 }));
        Assert.Single(Directory.GetFiles(Path.Combine(_out.Path, "cut", "runs"), "*.checkpoint.safetensors"));

        _told.Clear();
        ComparisonResults resumed = Run(Options("cut"));
        Assert.Equal(["frozen1", "full1", "frozen2"], _told.Where(told => told.Kept).Select(told => $"{told.Strategy}{told.Seed}"));
        Assert.DoesNotContain(_told, told => told is { Seed: 1, Result: null });
        Assert.Equal([3], _told.Where(told => told.Training.Point is not null).Select(told => (int)told.Training.Point!.Epoch));
        foreach ((StrategyResult one, StrategyResult other) in whole.Strategies.Zip(resumed.Strategies))
        {
            Assert.Equal(one.Runs.SelectMany(run => run.Score), other.Runs.SelectMany(run => run.Score));
            Assert.Equal(one.Runs.SelectMany(run => run.Curve).Select(point => point with { Seconds = 0 }), other.Runs.SelectMany(run => run.Curve)
                .Select(point => point with { Seconds = 0 }));
            Assert.Equal((one.TrainableParameters, one.TotalParameters, one.WorstMistakes.Count),
                (other.TrainableParameters, other.TotalParameters, other.WorstMistakes.Count));
        }

        Assert.Equal(["frozen-seed1.json", "frozen-seed2.json", "full-seed1.json", "full-seed2.json"],
            Directory.GetFiles(Path.Combine(_out.Path, "cut", "runs")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_run_of_other_settings_or_whose_files_are_gone_is_repeated()
    {
        ComparisonOptions one = Options("one") with { Seeds = 1 };
        Run(one);
        Assert.Equal(2, Kept(one));
        Assert.Equal(0, Kept(one with { Restart = true }));
        Assert.Equal(0, Kept(one with { Balance = Balance.Weights }));
        Assert.Equal(1,
            Kept(one with
            {
                Balance = Balance.Weights,
                Strategies = [one.Strategies[0], TransferStrategy.Full() with { Phases = [TransferStrategy.Full().Phases[0] with { Epochs = 1 }] }]
            }));
        Assert.Equal(0, Kept(one)); // The last settings have taken the place of these.
        File.Delete(Path.Combine(_out.Path, "one", "predictions", "full-seed1.csv"));
        Assert.Equal(1, Kept(one));
    }

    [Fact]
    public void A_run_is_kept_only_with_its_model_whole_where_one_is_asked_for()
    {
        ComparisonOptions one = Options("models") with { Seeds = 1, Strategies = [TransferStrategy.Frozen()] };
        string model = Path.Combine(_out.Path, "models", "models", "frozen.safetensors");
        Run(one with { SavesModels = false });
        Assert.False(File.Exists(model));

        Assert.Equal(0, Kept(one)); // Asked for later, it must be made.
        byte[] whole = File.ReadAllBytes(model);
        Assert.Equal(1, Kept(one));
        Assert.Equal(1, Kept(one with { SavesModels = false }));
        foreach (byte[] damaged in (byte[][])[[], whole[..(whole.Length / 2)], [.. whole[..^1], (byte)(whole[^1] ^ 1)]])
        {
            File.WriteAllBytes(model, damaged);
            Assert.Equal(0, Kept(one));
            Assert.Equal(whole, File.ReadAllBytes(model));
        }
    }

    [Fact]
    public void What_a_second_test_says_of_its_examples_is_part_of_what_decides_a_run()
    {
        ShiftedTest second = new() { Name = "other", Severity = 0, Description = "", Examples = SmallText.Task().Test, IsCopy = false };
        ComparisonOptions one = Options("shifted") with { Seeds = 1, Strategies = [TransferStrategy.Frozen()], ShiftedTests = [second] };
        Run(one);

        Assert.Equal(1, Kept(one));
        Assert.Equal(0, Kept(one with { ShiftedTests = [second with { Examples = [.. second.Examples.Select(example => example with { Label = 0 })] }] }));
        Assert.Equal(0, Kept(one with { ShiftedTests = [second with { IsCopy = true }] }));
    }

    [Fact]
    public void Tuning_gives_every_strategy_the_same_trials_counts_their_time_and_says_what_it_chose()
    {
        ComparisonOptions options = Options("tuned") with { Seeds = 1, Tune = 3 };
        using CancellationTokenSource stop = new();
        int points = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Run(options, stop, progress => progress is { Strategy: "full", Training.Stage: "tuning" }
            && ++points == 8));
        ComparisonResults results = Run(options);

        RunResult frozen = results.Strategies[0].Runs[0], full = results.Strategies[1].Runs[0];
        Assert.StartsWith("nothing to tune", frozen.Settings["tuning"], StringComparison.Ordinal);
        Assert.StartsWith("3 trials judged on 3 training examples", full.Settings["tuning"], StringComparison.Ordinal);
        Assert.Equal(0, frozen.Time.Tuning);
        Assert.True(full.Time.Tuning > 0 && full.Time.Total > full.Time.Tuning);
        Assert.Equal(full.Settings["tuning"], Run(options with { OutputFolder = null }).Strategies[1].Runs[0].Settings["tuning"]);
    }

    [Fact]
    public void Variations_stay_within_the_search_space_and_the_same_seed_draws_the_same()
    {
        TransferStrategy full = TransferStrategy.LpFt();
        Random random = new(1);
        for (int i = 0; i < 50; i++)
        {
            TransferStrategy drawn = (TransferStrategy)full.Vary(random)!;
            Assert.Equal(full.Phases[0], drawn.Phases[0]); // L-BFGS makes its own choice.
            Assert.InRange(drawn.Phases[1].RateScale, 0.2, 5);
            Assert.InRange(drawn.Phases[1].HeadLearningRate, 3e-4, 1e-2);
            Assert.Contains("weight decay", full.Difference(drawn), StringComparison.Ordinal);
        }

        Assert.Equal(((TransferStrategy)full.Vary(new(2))!).Phases[1], ((TransferStrategy)full.Vary(new(2))!).Phases[1]);
        Assert.Null(TransferStrategy.Frozen().Vary(random));
        Assert.Null(KnnStrategy.Default().Vary(random));
    }

    private int Kept(ComparisonOptions options)
    {
        _told.Clear();
        Run(options);
        return _told.Count(told => told.Kept);
    }

    private ComparisonOptions Options(string folder)
    {
        TransferStrategy full = TransferStrategy.Full();
        return new()
        {
            Strategies = [TransferStrategy.Frozen(), full with { Phases = [full.Phases[0] with { Epochs = 3 }] }],
            Seeds = 2,
            TrainPerClass = 3,
            OutputFolder = Path.Combine(_out.Path, folder),
            CheckpointEvery = TimeSpan.Zero,
        };
    }

    private ComparisonResults Run(ComparisonOptions options, CancellationTokenSource? stop = null, Predicate<ComparisonProgress>? when = null) =>
        new Comparer(SmallText.Task(), SmallText.Create(), SmallBackbone.Compute, options)
            .Run(new TransferLab.Runtime.ImmediateProgress<ComparisonProgress>(progress =>
        {
            _told.Add(progress);
            if (when?.Invoke(progress) == true)
            {
                stop!.Cancel();
            }
        }), stop?.Token ?? default);
}
