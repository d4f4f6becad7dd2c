using TransferLab.Comparison;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Comparison;

/// <summary>Sentences say no more than their interval supports.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.03, -0.01, 0.07)]
    [InlineData(-0.03, -0.07, 0.01)]
    [InlineData(0, 0, 0)]
    [InlineData(0.03, 0, 0.06)]
    public void No_winner_is_named_when_the_interval_contains_zero(double value, double low, double high)
    {
        string sentence = Verdict.Sentence("frozen", "full", new(value, low, high), 12, 400, Test(), seeds: 1);

        Assert.StartsWith("No difference in accuracy between frozen and full can be shown with 400 test examples", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("more accurate", sentence, StringComparison.Ordinal);
        Assert.Contains("full takes 12 times as long to train as frozen", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_better_one_comes_first_with_positive_points()
    {
        Assert.StartsWith("full is 5.0 points more accurate than frozen (95 % interval 2.0 to 8.0)",
            Verdict.Sentence("frozen", "full", new(0.05, 0.02, 0.08), 3, 400, Test(), 1), StringComparison.Ordinal);
        Assert.StartsWith("frozen is 5.0 points more accurate than full (95 % interval 2.0 to 8.0)",
            Verdict.Sentence("frozen", "full", new(-0.05, -0.08, -0.02), 3, 400, Test(), 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.05, "full trains about as long as frozen")]
    [InlineData(4, "full takes 4.0 times as long to train as frozen")]
    [InlineData(0.25, "frozen takes 4.0 times as long to train as full")]
    public void Time_is_told_of_the_slower_one(double ratio, string expected) =>
        Assert.Contains(expected, Verdict.Sentence("frozen", "full", new(0.05, 0.02, 0.08), ratio, 400, Test(), 1), StringComparison.Ordinal);

    [Fact]
    public void Says_how_many_test_examples_such_a_difference_would_need()
    {
        Estimate unclear = new(0.02, -0.02, 0.06);
        string Of(long? needed) => Verdict.Sentence("a", "b", unclear, 1, 400, Test() with { NeededExamples = needed, NeededFor = 0.02 }, seeds: 3);

        Assert.Contains("about 1,600 would be needed to show a difference of 2.0 points", Of(1_592), StringComparison.Ordinal);
        Assert.Contains("more than a million", Of(2_000_000), StringComparison.Ordinal);
        Assert.Contains("more seeds than 3, not more test examples, would be needed", Of(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_the_number_of_pairs_explains_names_no_winner()
    {
        PairTest chance = Test() with { PValue = 0.02, Corrected = 0.2 };
        string sentence = Verdict.Sentence("frozen", "full", new(0.05, 0.01, 0.09), 1, 400, chance, 1);

        Assert.StartsWith("No difference in accuracy", sentence, StringComparison.Ordinal);
        Assert.Contains("McNemar p 0.20", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_that_beats_transfer_is_said_to_win()
    {
        Assert.Contains(Summary(new(0.10, 0.05, 0.15)), sentence => sentence.StartsWith("The simple baseline wins: classical is 10.0 points", StringComparison.Ordinal));
        Assert.DoesNotContain(Summary(new(-0.10, -0.15, -0.05)), sentence => sentence.Contains("baseline wins", StringComparison.Ordinal));
        Assert.DoesNotContain(Summary(new(0.10, -0.05, 0.25)), sentence => sentence.Contains("baseline wins", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("mlnet")]
    public void A_strategy_of_the_users_own_is_no_baseline(string name)
    {
        string sentence = Assert.Single(Summary(new(0.10, 0.05, 0.15), name));
        Assert.StartsWith($"{name} is 10.0 points more accurate than frozen", sentence, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Summary(Estimate difference, string second = "classical")
    {
        StrategyResult any = SampleResults.Images().Strategies[0];
        PairResult pair = new() { First = "frozen", Second = second, Difference = difference, TimeRatio = 1, Sentence = Verdict.Sentence("frozen", second, difference, 1, 400, Test(), 1) };
        return Verdict.Summary([any with { Name = "frozen" }, any with { Name = second }], [pair]);
    }

    private static PairTest Test() => new() { Gained = 40, Lost = 10, PValue = 1e-5, Corrected = 1e-4, NeededFor = 0.02, NeededExamples = 1000 };
}
