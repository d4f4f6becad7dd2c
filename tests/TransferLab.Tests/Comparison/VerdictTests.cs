using TransferLab.Comparison;

namespace TransferLab.Tests.Comparison;

public sealed class VerdictTests
{
    [Fact]
    public void A_winner_is_named_where_the_interval_excludes_zero()
    {
        Assert.Equal(
            "full is 4.5 points more accurate than frozen (95 % interval 1.6 to 7.4), and full takes 13 times as long to train as frozen.",
            Verdict.Sentence("frozen", "full", new(0.045, 0.016, 0.074), timeRatio: 13.2, tests: 400));
    }

    [Fact]
    public void The_first_may_win_too()
    {
        string sentence = Verdict.Sentence("frozen", "full", new(-0.10, -0.15, -0.05), timeRatio: 0.5, tests: 400);

        Assert.StartsWith("frozen is 10.0 points more accurate than full (95 % interval 5.0 to 15.0)", sentence);
        Assert.Contains("frozen takes 2.0 times as long to train as full", sentence);
    }

    [Theory]
    [InlineData(0.02, -0.01, 0.05)]
    [InlineData(-0.02, -0.05, 0.01)]
    [InlineData(0, -0.03, 0.03)]
    public void No_winner_is_named_where_it_does_not(double value, double low, double high)
    {
        string sentence = Verdict.Sentence("frozen", "full", new(value, low, high), timeRatio: 1, tests: 400);

        Assert.StartsWith("No difference in accuracy between frozen and full can be shown with 400 test examples", sentence);
        Assert.DoesNotContain("more accurate", sentence);
    }

    [Fact]
    public void The_number_of_test_examples_that_would_be_needed_grows_with_the_square()
    {
        // Half-width 0.03 at 400 examples; 0.01 needs nine times as many.
        Assert.Contains("about 3,600 would be needed", Verdict.Sentence("a", "b", new(0.01, -0.02, 0.04), timeRatio: 1, tests: 400));
    }

    [Fact]
    public void A_baseline_that_wins_is_said_to_win()
    {
        StrategyResult frozen = Strategy("frozen", 0.80), classical = Strategy("classical", 0.90);
        PairResult pair = new() { First = "frozen", Second = "classical", Difference = new(0.1, 0.05, 0.15), TimeRatio = 0.5, Sentence = "classical is better." };

        Assert.Contains("The simple baseline wins: classical is better.", Verdict.Summary([frozen, classical], [pair]));
    }

    private static StrategyResult Strategy(string name, double accuracy) => new()
    {
        Name = name,
        Description = "",
        Accuracy = new(accuracy, accuracy - 0.02, accuracy + 0.02),
        MacroF1 = accuracy,
        LogLoss = 1,
        TrainSeconds = 1,
        LatencyMilliseconds = 1,
        PeakMemoryBytes = 1,
        TrainableParameters = 1,
        TotalParameters = 1,
        Runs = [],
    };
}
