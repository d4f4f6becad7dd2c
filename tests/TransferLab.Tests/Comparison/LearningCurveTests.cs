using TransferLab.Comparison;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>Comparisons at several sizes, and where their curves cross.</summary>
[Collection(TorchCollection.Name)]
public sealed class LearningCurveTests
{
    [Theory]
    [InlineData(new[] { -0.1, -0.1, 0.1 }, 20)] // Half-way between 10 and 40 on a logarithmic scale.
    [InlineData(new[] { 0.1, -0.3, 0.1 }, 28.28427)] // Ahead for good only after the dip.
    [InlineData(new[] { 0.1, 0.1, 0.1 }, 0)]
    [InlineData(new[] { 0.1, 0.1, -0.1 }, double.PositiveInfinity)]
    public void The_crossing_is_where_the_second_stays_ahead(double[] differences, double expected) =>
        Assert.Equal(expected, Crossings.Locate([5, 10, 40], differences), 1e-4);

    [Theory]
    [InlineData(31, 80, "overtakes frozen at about 50")]
    [InlineData(31, double.PositiveInfinity, "is ahead of frozen from about 50 training examples a class on, but not surely (95 % interval: at least 31)")]
    [InlineData(0, double.PositiveInfinity, "but not surely (no size between is excluded)")]
    public void A_crossing_claims_no_more_than_its_interval(double low, double high, string claim) =>
        Assert.Contains(claim, Crossings.Say(new() { First = "frozen", Second = "full", Before = 0, After = 0, Sentence = "" }, 50, low, high, [5, 100]),
            StringComparison.Ordinal);

    [Fact]
    public void A_longer_curve_repeats_no_finished_size_and_none_goes_beyond_the_examples()
    {
        using SmallTask task = new();
        using TemporaryFolder folder = new();
        ComparisonOptions options = new() { Strategies = [TransferStrategy.Frozen(), ClassicalStrategy.Default()], OutputFolder = folder.Path };
        ComparisonResults Run(params int[] sizes) =>
            new LearningCurveComparer(task.Data, SmallBackbone.CreateNamed(), SmallBackbone.Compute, options, sizes).Run();
        ComparisonResults shorter = Run(2, 3), longer = Run(2, 3, 5);

        Assert.Equal(shorter.Strategies[1].Runs[0].Time, ResultsFile.Read(Path.Combine(folder.Path, "n3", "results.json")).Strategies[1].Runs[0].Time);
        Assert.Equal(3, longer.LearningCurves![0].Points.Count);
        Assert.Contains("no class has more than 6", Assert.Throws<ArgumentException>(() => Run(2, 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_sizes_gives_one_results_file_with_curves()
    {
        using SmallTask task = new();
        using TemporaryFolder folder = new();
        ComparisonOptions options = new()
        {
            Strategies = [TransferStrategy.Frozen(), ClassicalStrategy.Default()],
            Seeds = 2,
            OutputFolder = folder.Path,
            Calibrate = true,
        };
        List<ComparisonProgress> told = [];

        new LearningCurveComparer(task.Data, SmallBackbone.CreateNamed(), SmallBackbone.Compute, options, [5, 2]).Run(new Teller(told));

        ComparisonResults read = ResultsFile.Read(Path.Combine(folder.Path, "results.json"));
        Assert.Equal([2, 5], read.LearningCurves![0].Points.Select(point => point.PerClass));
        Assert.Equal([3, 12], read.LearningCurves[0].Points.Select(point => point.Examples));
        Assert.Equal(read.Strategies[0].Accuracy, read.LearningCurves[0].Points[1].Accuracy);
        Assert.All(read.LearningCurves.SelectMany(curve => curve.Points), point => Assert.Equal(2, point.Accuracies.Count));
        Assert.Equal(2, ResultsFile.Read(Path.Combine(folder.Path, "n2", "results.json")).Data.TrainPerClass);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "n2", "models")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "models", "frozen.safetensors")));
        Assert.Equal(8, told.Where(p => p.Result is not null).Select(p => p.Run).Distinct().Count());
        Assert.All(read.Strategies, strategy =>
        {
            Assert.Equal(15, Math.Min(15, strategy.Calibration!.Bins.Count));
            Assert.NotNull(strategy.CalibratedBy);
            Assert.All(strategy.Runs, run => Assert.Equal(3, run.Calibrated!.HeldOut));
            Assert.Equal(read.Data.Classes.Count, strategy.Classes!.Count);
        });
    }

    [Fact]
    public void Sizes_that_make_no_curve_are_refused()
    {
        using SmallTask task = new();
        LearningCurveComparer Of(params int[] sizes) => new(task.Data, SmallBackbone.CreateNamed(), SmallBackbone.Compute, new(), sizes);

        Assert.Contains("given 5, 5", Assert.Throws<ArgumentException>(() => Of(5, 5).Run()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Of(5).Run());
        Assert.Throws<ArgumentException>(() => Of(0, 5).Run());
    }

    [Fact]
    public void The_time_to_an_accuracy_is_the_first_moment_at_which_it_is_there()
    {
        RunResult run = SampleResults.Images().Strategies[1].Runs[0] with
        {
            Curve = [Point(1, 0.4), Point(2, 0.8), Point(3, 0.7), Point(4, 0.9)],
        };

        Assert.Equal([new(0.5, 2, 1), new(0.85, 4, 1), new(0.95, null, 0)], TimeToAccuracy.Of([run], [0.5, 0.85, 0.95]));
        Assert.Equal(run.Time.Total, TimeToAccuracy.Of([run with { Curve = [] }], [0.5])[0].Seconds);

        static CurvePoint Point(double seconds, double accuracy) => new() { Seconds = seconds, Epoch = seconds, ValidationAccuracy = accuracy };
    }

    private sealed class Teller(List<ComparisonProgress> told) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => told.Add(value);
    }
}
