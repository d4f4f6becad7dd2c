using TransferLab.Comparison;

namespace TransferLab.Tests.Comparison;

public sealed class IntervalsTests
{
    [Fact]
    public void Accuracy_of_one_seed_has_Wilsons_interval()
    {
        Estimate estimate = Intervals.Accuracy([Right(81, 263)]);

        // Newcombe (1998), table of score intervals: 81 of 263 gives 0.2553 to 0.3662.
        Assert.Equal(81 / 263.0, estimate.Value, 12);
        Assert.Equal(0.2553, estimate.Low, 4);
        Assert.Equal(0.3662, estimate.High, 4);
    }

    [Fact]
    public void A_perfect_test_still_leaves_doubt()
    {
        Estimate estimate = Intervals.Accuracy([Right(50, 50)]);

        Assert.Equal(1, estimate.High, 12);
        Assert.InRange(estimate.Low, 0.9, 0.95);
    }

    [Fact]
    public void Seeds_that_disagree_widen_the_interval()
    {
        Estimate agreeing = Intervals.Accuracy([Right(80, 100), Right(80, 100)]);
        Estimate disagreeing = Intervals.Accuracy([Right(70, 100), Right(90, 100)]);

        Assert.Equal(agreeing.Value, disagreeing.Value, 12);
        Assert.True(disagreeing.High - disagreeing.Low > agreeing.High - agreeing.Low);
    }

    [Fact]
    public void Equal_predictions_differ_by_nothing_but_not_for_certain()
    {
        Estimate difference = Intervals.Difference([Right(80, 100)], [Right(80, 100)]);

        Assert.Equal(0, difference.Value);
        Assert.True(difference.Low < 0 && difference.High > 0);
    }

    [Fact]
    public void Pairing_makes_a_consistent_gain_significant()
    {
        // The second has right all that the first has, and 20 more.
        Estimate difference = Intervals.Difference([Right(60, 100)], [Right(80, 100)]);

        Assert.Equal(0.2, difference.Value, 12);
        Assert.InRange(difference.Low, 0.10, 0.19);
        Assert.InRange(difference.High, 0.21, 0.30);
    }

    [Fact]
    public void The_difference_is_antisymmetric()
    {
        Estimate there = Intervals.Difference([Right(60, 100)], [Right(75, 100)]);
        Estimate back = Intervals.Difference([Right(75, 100)], [Right(60, 100)]);

        Assert.Equal(there.Low, -back.High, 12);
        Assert.Equal(there.High, -back.Low, 12);
    }

    private static bool[] Right(int right, int tests) => [.. Enumerable.Range(0, tests).Select(i => i < right)];
}
