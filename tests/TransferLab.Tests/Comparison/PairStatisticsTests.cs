using TransferLab.Comparison;

namespace TransferLab.Tests.Comparison;

/// <summary>Tests of two strategies, against published and simulated values.</summary>
public sealed class PairStatisticsTests
{
    // Two-sided quantiles of Student's t from printed tables.
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(5, 2.571)]
    [InlineData(30, 2.042)]
    [InlineData(1e9, 1.960)]
    public void Student_s_quantiles_are_those_of_the_tables(double degrees, double expected) =>
        Assert.Equal(expected, Distributions.StudentQuantile(0.975, degrees), 5e-4);

    // 2 (1 + 10) / 2^10 and 2 (1 + 20 + 190) / 2^20.
    [Theory]
    [InlineData(1, 9, 22.0 / 1024)]
    [InlineData(18, 2, 422.0 / 1048576)]
    [InlineData(7, 7, 1)]
    [InlineData(0, 0, 1)]
    public void McNemar_s_test_is_exact(int gained, int lost, double expected) => Assert.Equal(expected, Distributions.SignTest(gained, lost), 1e-9);

    [Fact]
    public void Corrected_values_are_Holm_s() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], PairStatistics.Holm([0.01, 0.03, 0.04, 0.005]).Select(p => Math.Round(p, 10)));

    [Fact]
    public void Discordant_examples_are_counted_over_seeds()
    {
        // Gained in two of two seeds, gained in one, even, lost.
        PairTest test = PairStatistics.Test([[0, 0, 1, 1], [0, 1, 0, 1]], [[1, 1, 0, 0], [1, 1, 1, 0]]);

        Assert.Equal((2, 1), (test.Gained, test.Lost));
    }

    // Ten differences of mean 0.1 and deviation 0.1581: t = 2, nine degrees of freedom, p = 0.0766.
    [Fact]
    public void Other_scores_are_tested_by_Student_s_paired_test()
    {
        double deviation = 0.1 * Math.Sqrt(10) / 2, part = deviation * Math.Sqrt(0.9);
        double[] first = new double[10], second = [.. Enumerable.Range(0, 10).Select(i => 0.1 + (i % 2 == 0 ? part : -part))];

        PairTest test = PairStatistics.Test([first], [second]);

        Assert.Equal("paired t", test.Method);
        Assert.Equal(0.0766, test.PValue, 2e-4);
        Assert.Equal((5, 5), (test.Gained, test.Lost));
        Assert.Null(PairStatistics.Test([[0, 1]], [[1, 1]]).Method);
        Assert.Equal(1, PairStatistics.Test([[0.5, 0.25]], [[0.5, 0.25]]).PValue);
        Assert.InRange(PairStatistics.Test([[10, 30]], [[20, 25]], isShare: false).NeededFor, 2.4, 2.6);
    }

    // 400 comparisons of answers scored between 0 and 1, of which many are all right or all wrong; the true mean of second minus first is 0.06.
    [Theory]
    [InlineData(1, 80)]
    [InlineData(3, 60)]
    public void Intervals_of_other_scores_contain_the_truth_95_times_in_100(int seeds, int items)
    {
        const int comparisons = 400;
        Random random = new(5);
        int ofDifference = 0, ofMean = 0;
        for (int n = 0; n < comparisons; n++)
        {
            double[] hard = [.. Enumerable.Range(0, items).Select(_ => random.NextDouble())];
            double[][] Runs(double shift) =>
                [.. Enumerable.Range(0, seeds).Select(_ => Array.ConvertAll(hard, h => Math.Clamp(h + shift + (0.2 * (random.NextDouble() - 0.5)), 0, 1)))];
            double[][] first = Runs(0), second = Runs(0.1);
            Estimate difference = Intervals.Difference(first, second), mean = Intervals.Mean(first);
            ofDifference += difference.Low <= Truth(0.1) - Truth(0) && Truth(0.1) - Truth(0) <= difference.High ? 1 : 0;
            ofMean += mean.Low <= Truth(0) && Truth(0) <= mean.High ? 1 : 0;
        }

        Assert.InRange(100.0 * ofDifference / comparisons, 92, 98);
        Assert.InRange(100.0 * ofMean / comparisons, 92, 98);

        // The mean of Clamp(h + shift + noise) over h and noise, by a fine grid.
        static double Truth(double shift) =>
            Enumerable.Range(0, 200).Average(i =>
                Enumerable.Range(0, 50).Average(j => Math.Clamp(((i + 0.5) / 200) + shift + (0.2 * (((j + 0.5) / 50) - 0.5)), 0, 1)));
    }

    [Fact]
    public void The_size_of_test_is_Connor_s()
    {
        // 20 % discordant, a difference of 5 points: (1.96 sqrt(0.2) + 0.8416 sqrt(0.2 - 0.0025))^2 / 0.0025.
        double[] ofItem = [.. Enumerable.Range(0, 1000).Select(i => i < 125 ? 1.0 : i < 200 ? -1 : 0)];

        Assert.Equal(625, TestSize.For(0.05, ofItem, seedVariance: 0)!.Value, 1.5);
        Assert.True(TestSize.For(0.05, ofItem, seedVariance: 1e-4) > 625);
        Assert.Null(TestSize.For(0.05, ofItem, seedVariance: 1e-3));
    }

    [Fact]
    public void The_bootstrap_is_paired_and_repeats()
    {
        double[] first = [.. Enumerable.Range(0, 300).Select(i => i % 10 != 0 ? 1.0 : 0)],
            second = [.. Enumerable.Range(0, 300).Select(i => i % 10 != 0 || i % 20 == 0 ? 1.0 : 0)];
        Estimate same = new PairedBootstrap([[first], [first]]).Difference(0, 1), gained = new PairedBootstrap([[first], [second]]).Difference(0, 1);

        Assert.Equal(new(0, 0, 0), same);
        Assert.Equal(0.05, gained.Value, 1e-12);
        Assert.InRange(gained.Low, 0.02, 0.04);
        Assert.InRange(gained.High, 0.06, 0.085);
        Assert.Equal(gained, new PairedBootstrap([[first], [second]]).Difference(0, 1));
    }

    // 200 comparisons of two strategies whose true difference is known. An example is right where ability + luck of the seed - difficulty of the example
    // (which both strategies share in part) + noise is positive: with all of them normal, the accuracy over all examples and seeds is Phi(ability / sigma).
    [Theory]
    [InlineData(3, 400, 0.8, 1.1, 0)]
    [InlineData(3, 400, 0.8, 1.1, 0.1)]
    [InlineData(5, 200, 1.4, 1.4, 0.1)]
    [InlineData(3, 1000, 2.2, 2.6, 0.05)]
    [InlineData(10, 300, 0.3, 0.9, 0.1)]
    public void The_95_per_cent_interval_contains_the_true_difference_95_times_in_100(int seeds, int items, double first, double second, double luck)
    {
        const int comparisons = 200;
        Random random = new(12);
        double sigma = Math.Sqrt(1 + (1.2 * 1.2) + (0.5 * 0.5) + (luck * luck)), truth = Phi(second / sigma) - Phi(first / sigma);
        int ofDifference = 0, ofAccuracy = 0;
        for (int n = 0; n < comparisons; n++)
        {
            double[][][] right = Simulate(random, [first, second], seeds, items, luck);
            Estimate difference = Intervals.Difference(right[0], right[1]), accuracy = Intervals.Mean(right[1]);
            ofDifference += difference.Low <= truth && truth <= difference.High ? 1 : 0;
            ofAccuracy += accuracy.Low <= Phi(second / sigma) && Phi(second / sigma) <= accuracy.High ? 1 : 0;
        }

        Assert.InRange(100.0 * ofDifference / comparisons, 92, 98);
        Assert.InRange(100.0 * ofAccuracy / comparisons, 92, 98);
    }

    private static double[][][] Simulate(Random random, double[] abilities, int seeds, int items, double luck)
    {
        double[] difficulty = [.. Enumerable.Range(0, items).Select(_ => 1.2 * Normal(random))];
        return [.. abilities.Select(ability =>
        {
            double[] own = [.. difficulty.Select(shared => shared + (0.5 * Normal(random)))];
            return Enumerable.Range(0, seeds).Select(_ =>
            {
                double level = ability + (luck * Normal(random));
                return Array.ConvertAll(own, d => level - d + Normal(random) > 0 ? 1.0 : 0);
            }).ToArray();
        })];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The normal distribution function, to 7 digits (Abramowitz and Stegun 26.2.17).</summary>
    private static double Phi(double x)
    {
        double t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530
            + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x > 0 ? 1 - tail : tail;
    }
}
