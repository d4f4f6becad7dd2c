using TransferLab.Comparison;
using TransferLab.Models;

namespace TransferLab.Tests.Comparison;

/// <summary>Figures against hand-computed and published values.</summary>
public sealed class IntervalsTests
{
    [Fact]
    public void Metrics_agree_with_hand_computed_ones()
    {
        // Labels 0 0 1 1 2; predicted 0 1 1 1 0. F1: 2*1/(2+2), 2*2/(2+3), 0.
        Predictions predictions = new([[0.8f, 0.1f, 0.1f], [0.3f, 0.5f, 0.2f], [0.2f, 0.7f, 0.1f], [0.1f, 0.9f, 0], [0.6f, 0.4f, 0]]);
        Metrics metrics = Metrics.Of(predictions, [0, 0, 1, 1, 2], 3);

        Assert.Equal(3.0 / 5, metrics.Accuracy, 1e-12);
        Assert.Equal((0.5 + 0.8 + 0) / 3, metrics.MacroF1, 1e-12);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.7) + Math.Log(0.9) + Math.Log(1e-7)) / 5, metrics.LogLoss, 1e-6);
    }

    [Fact]
    public void A_class_that_the_test_lacks_does_not_count_for_F1() =>
        Assert.Equal(1, Metrics.Of(new([[1f, 0, 0], [0, 1f, 0]]), [0, 1], 3).MacroF1);

    // Newcombe (1998), table I, method 3 (score): 81/263, 15/148, 0/20, 1/29.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Accuracy_of_one_seed_has_Wilson_s_interval(int right, int of, double low, double high)
    {
        Estimate estimate = Intervals.Mean([Right(right, of)]);

        Assert.Equal((double)right / of, estimate.Value, 1e-12);
        Assert.Equal(low, estimate.Low, 5e-5);
        Assert.Equal(high, estimate.High, 5e-5);
    }

    [Fact]
    public void At_100_per_cent_the_interval_is_not_a_point()
    {
        Estimate estimate = Intervals.Mean([Right(40, 40), Right(40, 40)]);

        Assert.Equal(1, estimate.Value);
        Assert.Equal(1, estimate.High);
        Assert.InRange(estimate.Low, 0.90, 0.92);
    }

    [Fact]
    public void Seeds_that_disagree_widen_both_intervals()
    {
        Estimate steady = Intervals.Mean([Right(50, 100), Right(50, 100)]), shaky = Intervals.Mean([Right(30, 100), Right(70, 100)]);
        Assert.True(shaky.High - shaky.Low > 1.5 * (steady.High - steady.Low));

        double[] none = Right(0, 100);
        Estimate same = Intervals.Difference([none, none], [Right(20, 100), Right(20, 100)]),
            varied = Intervals.Difference([none, none], [Right(5, 100), Right(35, 100)]);
        Assert.True(varied.High - varied.Low > 1.5 * (same.High - same.Low));
    }

    [Fact]
    public void The_difference_of_identical_predictions_contains_zero_and_is_not_a_point()
    {
        Estimate difference = Intervals.Difference([Right(37, 50)], [Right(37, 50)]);

        Assert.Equal(0, difference.Value);
        Assert.True(difference is { Low: < -0.01, High: > 0.01 });
    }

    [Fact]
    public void The_difference_agrees_with_Bonett_and_Price_s_formula()
    {
        // n = 100, 30 gained, 10 lost: p12 = 31/102, p21 = 11/102.
        double[] first = [.. Enumerable.Range(0, 100).Select(i => i is >= 30 and < 60 ? 1.0 : 0)];
        double[] second = [.. Enumerable.Range(0, 100).Select(i => i is < 30 or (>= 40 and < 60) ? 1.0 : 0)];
        double g = 31.0 / 102, l = 11.0 / 102, half = 1.959964 * Math.Sqrt((g + l - ((g - l) * (g - l))) / 102);

        Estimate difference = Intervals.Difference([first], [second]), reversed = Intervals.Difference([second], [first]);
        Assert.Equal(0.20, difference.Value, 1e-12);
        Assert.Equal(g - l - half, difference.Low, 5e-6);
        Assert.Equal(g - l + half, difference.High, 5e-6);
        Assert.Equal((-difference.Value, -difference.High), (reversed.Value, reversed.Low));
    }

    // Scores of a task that is neither right nor wrong, such as the F1 of an answer: Student's interval of their mean, here 0.5 +- 2.093 * 0.1026 / sqrt(20).
    [Fact]
    public void Other_scores_have_Student_s_interval()
    {
        double[] scores = [.. Enumerable.Range(0, 20).Select(i => i < 10 ? 0.4 : 0.6)];
        double half = 2.093024 * Math.Sqrt(0.2 / 19 / 20);

        Estimate mean = Intervals.Mean([scores]), loss = Intervals.Mean([Array.ConvertAll(scores, score => 10 * score)], isShare: false);
        Assert.Equal(0.5, mean.Value, 1e-12);
        Assert.InRange(mean.Low, 0.5 - (1.02 * half), 0.5 - (0.95 * half));
        Assert.Equal(5 - (10 * half), loss.Low, 1e-5);
        Assert.Equal(5 + (10 * half), loss.High, 1e-5);

        double[] better = [.. scores.Select((score, i) => score + (i % 2 == 0 ? 0.1 : 0.2))];
        Estimate difference = Intervals.Difference([scores], [better]);
        Assert.Equal(0.15, difference.Value, 1e-12);
        Assert.Equal(2.093024 * Math.Sqrt(0.05 / 19 / 20), difference.High - difference.Value, 1e-6);
    }

    [Fact]
    public void Scores_that_never_vary_leave_room_for_those_that_were_not_seen()
    {
        double[] all = [.. Enumerable.Repeat(0.7, 30)];

        Assert.True(Intervals.Mean([all]) is { Low: < 0.6, High: > 0.8 });
        Assert.True(Intervals.Difference([all], [all]) is { Value: 0, Low: < 0, High: > 0 });
    }

    [Fact]
    public void Intervals_stay_inside_what_is_possible()
    {
        Assert.All(Enumerable.Range(0, 4), right => Assert.True(Intervals.Mean([Right(right, 3), Right(3 - right, 3)]) is { Low: >= 0, High: <= 1 }));
        Assert.True(Intervals.Difference([Right(0, 2)], [Right(2, 2)]) is { Low: >= -1, High: <= 1 });
    }

    private static double[] Right(int right, int of) => [.. Enumerable.Range(0, of).Select(i => i < right ? 1.0 : 0)];
}
