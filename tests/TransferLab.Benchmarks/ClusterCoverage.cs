using System.Globalization;
using TransferLab.Comparison;

namespace TransferLab.Benchmarks;

/// <summary>
/// How often 95 % intervals of an answer's F1, and of the difference of two ways, contain the truth, where questions come in clusters: simulated comparisons
/// whose truth is
/// known. A score is 0, 1 or between, as F1 is: a normal variable of cluster, question, seed and chance, cut off at both ends.
/// </summary>
internal static class ClusterCoverage
{
    private const double Between = 0.375, Question = 0.325, SeedDeviation = 0.1, Lowest = -0.3, Highest = 0.7;
    private const int MostOfACluster = 5, Resamples = 1000;

    public static void Run(int comparisons)
    {
        Console.WriteLine($"{comparisons} comparisons each; share of the scores' variance between clusters {Correlation():.00}");
        Console.WriteLine("clusters  seeds  F1, t  F1, bootstrap  difference, t  difference, bootstrap  as if independent");
        foreach (int clusters in (int[])[20, 50, 200])
        {
            foreach (int seeds in (int[])[1, 3])
            {
                double[] shares = Of(clusters, seeds, comparisons, new Random(26));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{clusters,8}  {seeds,5}  {shares[0],5:0.0}  {shares[1],13:0.0}  {shares[2],13:0.0}  {shares[3],21:0.0}  {shares[4],17:0.0}"));
            }
        }
    }

    /// <summary>
    /// Percentages of intervals that contain the truth: mean by t and by bootstrap, difference by t and by bootstrap, and the mean with clusters overlooked.
    /// </summary>
    private static double[] Of(int count, int seeds, int comparisons, Random random)
    {
        int[] hits = new int[5];
        for (int n = 0; n < comparisons; n++)
        {
            Clusters clusters =
                new([.. Enumerable.Range(0, count).SelectMany(c =>
                    Enumerable.Repeat(c.ToString(CultureInfo.InvariantCulture), random.Next(1, MostOfACluster + 1)))]);
            double[] luck = Draw(seeds, SeedDeviation, random);
            double[] shared = clusters.Spread(Draw(count, Math.Sqrt(Between), random));
            double[] questions = Draw(clusters.Items, Math.Sqrt(Question), random);
            shared = [.. shared.Zip(questions, (cluster, question) => cluster + question)];
            double[][] first = Runs(shared, 0, luck, random), second = Runs(shared, 0.25, Draw(seeds, SeedDeviation, random, out double[] otherLuck), random);
            double mean = Truth(0, luck), difference = Truth(0.25, otherLuck) - mean;
            Estimate[] found =
            [
                ClusteredIntervals.Mean(first, clusters), Bootstrap(first, clusters, random),
                ClusteredIntervals.Difference(first, second, clusters), Bootstrap(ClusteredIntervals.Differences(first, second), clusters, random),
                    Intervals.Mean(first),
            ];
            for (int i = 0; i < found.Length; i++)
            {
                double truth = i is 2 or 3 ? difference : mean;
                hits[i] += found[i].Low <= truth && truth <= found[i].High ? 1 : 0;
            }
        }

        return Array.ConvertAll(hits, hit => 100.0 * hit / comparisons);
    }

    private static double[][] Runs(double[] shared, double ability, double[] luck, Random random) =>
        [.. luck.Select(l => Array.ConvertAll(shared, value => Score(value + ability + l + (Math.Sqrt(1 - Between - Question) * Normal(random)))))];

    private static double Score(double latent) => Math.Clamp((latent - Lowest) / (Highest - Lowest), 0, 1);

    /// <summary>With one seed the interval speaks of that trained model; with several, of all that could have been trained.</summary>
    private static double Truth(double ability, double[] luck) => luck.Length == 1
        ? Expected(ability + luck[0], 1)
        : Expected(ability, Math.Sqrt(1 + (SeedDeviation * SeedDeviation)));

    private static double Expected(double mean, double deviation)
    {
        const int Steps = 2000;
        double sum = 0, weights = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double z = -6 + (12.0 * i / Steps), weight = Math.Exp(-z * z / 2);
            sum += weight * Score(mean + (deviation * z));
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>Clusters, and seeds, drawn anew with replacement; percentiles.</summary>
    private static Estimate Bootstrap(double[][] scores, Clusters clusters, Random random)
    {
        double[][] sums = [.. scores.Select(clusters.Sums)];
        double[] means = new double[Resamples], totals = new double[sums.Length];
        for (int b = 0; b < Resamples; b++)
        {
            int items = 0;
            Array.Clear(totals);
            for (int n = 0; n < clusters.Count; n++)
            {
                int c = random.Next(clusters.Count);
                items += clusters.Sizes[c];
                for (int s = 0; s < totals.Length; s++)
                {
                    totals[s] += sums[s][c];
                }
            }

            for (int s = 0; s < totals.Length; s++)
            {
                means[b] += totals[random.Next(totals.Length)] / items / totals.Length;
            }
        }

        Array.Sort(means);
        return new(scores.Average(run => run.Average()), means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples)]);
    }

    /// <summary>The share of the variance of scores that lies between clusters, from many pairs of one cluster.</summary>
    private static double Correlation()
    {
        const int Pairs = 200_000;
        Random random = new(1);
        double x = 0, y = 0, xx = 0, xy = 0;
        for (int i = 0; i < Pairs; i++)
        {
            double cluster = Math.Sqrt(Between) * Normal(random), a = Score(cluster + (Math.Sqrt(1 - Between) * Normal(random))),
                b = Score(cluster + (Math.Sqrt(1 - Between) * Normal(random)));
            x += a;
            y += b;
            xx += a * a;
            xy += a * b;
        }

        return ((xy / Pairs) - (x / Pairs * (y / Pairs))) / ((xx / Pairs) - (x / Pairs * (x / Pairs)));
    }

    private static double[] Draw(int count, double deviation, Random random) => [.. Enumerable.Range(0, count).Select(_ => deviation * Normal(random))];

    private static double[] Draw(int count, double deviation, Random random, out double[] drawn) => drawn = Draw(count, deviation, random);

    // Box and Muller (1958).
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
