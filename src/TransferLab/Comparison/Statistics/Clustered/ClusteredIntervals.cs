namespace TransferLab.Comparison;

/// <summary>
/// <see cref="Intervals"/> where test examples come in clusters: 95 % intervals over the clusters and seeds that could have been drawn. How often they contain
/// the truth is
/// simulated, beside the cluster bootstrap, whose intervals are too narrow from few clusters.
/// </summary>
internal static class ClusteredIntervals
{
    private const double Upper = 0.975;
    private const double NoVariance = 1e-20; // What rounding leaves of scores that are all the same.

    /// <summary>
    /// Mean of scores between 0 and 1: Wilson's interval of as many independent examples as have the same variance, with Student's t; it stays inside [0, 1].
    /// Scores that
    /// never vary count as one example a cluster. Other scores: Student's interval.
    /// </summary>
    /// <param name="scores">For each seed, the score of every test example; the same examples in the same order.</param>
    /// <param name="clusters">What belongs together.</param>
    /// <param name="isShare">Whether scores lie between 0 and 1.</param>
    public static Estimate Mean(IReadOnlyList<double[]> scores, Clusters clusters, bool isShare = true)
    {
        ClusteredVariance variance = Of(scores, clusters);
        double p = variance.Mean, items = p * (1 - p), t = Distributions.StudentQuantile(Upper, variance.Degrees);
        if (!isShare)
        {
            double half = t * Math.Sqrt(variance.Total);
            return new(p, p - half, p + half);
        }

        double effective = variance.Total > NoVariance && items > 0 ? items / variance.Total : clusters.Count, t2 = t * t / effective;
        double centre = (p + (t2 / 2)) / (1 + t2), width = t / (1 + t2) * Math.Sqrt((items / effective) + (t2 / (4 * effective)));
        return new(p, Math.Max(0, centre - width), Math.Min(1, centre + width));
    }

    /// <summary>
    /// Difference of means on the same test examples: Student's interval of the paired differences. Of right and wrong, and where the differences never vary,
    /// one cluster
    /// more that was gained and one that was lost count too, each of one example (Bonett and Price 2012), so that it is honest without any.
    /// </summary>
    /// <param name="first">For each seed, the scores of the first way; of a way without seeds one run, which then stands for all.</param>
    /// <param name="second">The same of the second.</param>
    /// <param name="clusters">What belongs together.</param>
    /// <param name="isShare">Whether scores lie between 0 and 1.</param>
    /// <returns>Second minus first.</returns>
    public static Estimate Difference(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, Clusters clusters, bool isShare = true)
    {
        double[][] differences = Differences(first, second);
        ClusteredVariance used = OfDifferences(first, second, differences, clusters, isShare);
        double half = Distributions.StudentQuantile(Upper, used.Degrees) * Math.Sqrt(used.Total), least = isShare ? -1 : double.NegativeInfinity;
        return new(differences.Average(run => run.Average()), Math.Max(least, used.Mean - half), Math.Min(-least, used.Mean + half));
    }

    /// <summary>The variance that the interval of a difference and its test stand on.</summary>
    /// <param name="first">Scores of the first way.</param>
    /// <param name="second">Scores of the second way.</param>
    /// <param name="differences">[seeds][items] of them.</param>
    /// <param name="clusters">What belongs together.</param>
    /// <param name="isShare">Whether scores lie between 0 and 1.</param>
    public static ClusteredVariance OfDifferences(
        IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, double[][] differences, Clusters clusters, bool isShare)
    {
        ClusteredVariance variance = Of(differences, clusters);
        bool isAdjusted = isShare && (variance.Total <= NoVariance || (Intervals.IsBinary(first) && Intervals.IsBinary(second)));
        return isAdjusted
            ? ClusteredVariance.Of([.. differences.Select(run => (double[])[.. clusters.Sums(run), 1, -1])], [.. clusters.Sizes, 1, 1])
            : variance;
    }

    /// <summary>[seeds][items]: second minus first, a way of one run beside each seed of the other.</summary>
    /// <exception cref="ArgumentException">Both have several seeds, and not as many.</exception>
    public static double[][] Differences(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second)
    {
        int seeds = Math.Max(first.Count, second.Count);
        if ((first.Count != seeds && first.Count != 1) || (second.Count != seeds && second.Count != 1))
        {
            throw new ArgumentException(
                $"One way has {first.Count} seeds and the other {second.Count}; compare ways of the same seeds, or with one of a single run.");
        }

        IReadOnlyList<double[]> Each(IReadOnlyList<double[]> scores) => scores.Count == seeds ? scores : [.. Enumerable.Repeat(scores[0], seeds)];
        return Intervals.Differences(Each(first), Each(second));
    }

    private static ClusteredVariance Of(IReadOnlyList<double[]> scores, Clusters clusters) =>
        ClusteredVariance.Of([.. scores.Select(clusters.Sums)], clusters.Sizes);
}
