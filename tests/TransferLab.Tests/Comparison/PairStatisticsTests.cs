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
        PairTest test = PairStatistics.Test([[false, false, true, true], [false, true, false, true]], [[true, true, false, false], [true, true, true, false]]);

        Assert.Equal((2, 1), (test.Gained, test.Lost));
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
        bool[] first = [.. Enumerable.Range(0, 300).Select(i => i % 10 != 0)], second = [.. Enumerable.Range(0, 300).Select(i => i % 10 != 0 || i % 20 == 0)];
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
            bool[][][] right = Simulate(random, [first, second], seeds, items, luck);
            Estimate difference = Intervals.Difference(right[0], right[1]), accuracy = Intervals.Accuracy(right[1]);
            ofDifference += difference.Low <= truth && truth <= difference.High ? 1 : 0;
            ofAccuracy += accuracy.Low <= Phi(second / sigma) && Phi(second / sigma) <= accuracy.High ? 1 : 0;
        }

        Assert.InRange(100.0 * ofDifference / comparisons, 92, 98);
        Assert.InRange(100.0 * ofAccuracy / comparisons, 92, 98);
    }

    private static bool[][][] Simulate(Random random, double[] abilities, int seeds, int items, double luck)
    {
        double[] difficulty = [.. Enumerable.Range(0, items).Select(_ => 1.2 * Normal(random))];
        return [.. abilities.Select(ability =>
        {
            double[] own = [.. difficulty.Select(shared => shared + (0.5 * Normal(random)))];
            return Enumerable.Range(0, seeds).Select(_ =>
            {
                double level = ability + (luck * Normal(random));
                return Array.ConvertAll(own, d => level - d + Normal(random) > 0);
            }).ToArray();
        })];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The normal distribution function, to 7 digits (Abramowitz and Stegun 26.2.17).</summary>
    private static double Phi(double x)
    {
        double t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x > 0 ? 1 - tail : tail;
    }
}
