namespace TransferLab.Comparison;

/// <summary>
/// 95 % intervals for what a finite test and a few seeds can say. Both sources of chance count: which examples the test happens to hold, and
/// what the seed happened to give. With one seed the interval speaks of that one trained model. How often they contain the truth is tested by simulation.
/// </summary>
internal static class Intervals
{
    private const double Upper = 0.975;
    private const double NoVariance = 1e-20; // What rounding leaves of scores that are all the same.

    /// <summary>
    /// Mean of scores between 0 and 1: Wilson's score interval (Wilson 1927), which stays inside [0, 1] and is honest at 100 %. Variation between seeds enters
    /// as a smaller number of test examples, and their small number as Student's t in place of the normal distribution. Scores between 0 and 1 that vary less
    /// than right and wrong do count as more examples. Other scores: Student's interval with the same variance.
    /// </summary>
    /// <param name="scores">For each seed, the score of every test example; the same examples in the same order.</param>
    /// <param name="isShare">Whether scores lie between 0 and 1.</param>
    public static Estimate Mean(IReadOnlyList<double[]> scores, bool isShare = true)
    {
        CrossedVariance variance = CrossedVariance.Of(scores);
        bool isBinary = IsBinary(scores);
        double n = scores[0].Length, p = variance.Mean, items = p * (1 - p), total = isBinary ? variance.Total : Unbiased(variance, n);
        double t = Distributions.StudentQuantile(Upper, isBinary && scores.Count == 1 ? double.MaxValue : variance.Degrees);
        if (!isShare)
        {
            return new(p, p - (t * Math.Sqrt(total)), p + (t * Math.Sqrt(total)));
        }

        double effective = total > NoVariance && items > 0 ? isBinary ? Math.Min(n * scores.Count, items / total) : items / total : n, t2 = t * t / effective;
        double centre = (p + (t2 / 2)) / (1 + t2);
        double half = t / (1 + t2) * Math.Sqrt((items / effective) + (t2 / (4 * effective)));
        return new(p, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// Difference of means on the same test examples. Of right and wrong: the adjusted Wald interval for paired proportions of Bonett and Price (2012) - one
    /// example more that was gained and one that was lost, so that it is honest without any - with the variance between seeds and Student's t. Of other scores:
    /// Student's interval of the paired differences.
    /// </summary>
    /// <param name="first">For each seed, the scores of the first strategy.</param>
    /// <param name="second">The same of the second, for the same seeds.</param>
    /// <param name="isShare">Whether scores lie between 0 and 1.</param>
    /// <returns>Second minus first.</returns>
    public static Estimate Difference(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, bool isShare = true)
    {
        double[][] differences = Differences(first, second);
        bool isBinary = IsBinary(first) && IsBinary(second);
        CrossedVariance variance = CrossedVariance.Of(differences);
        bool isAdjusted = isBinary || (isShare && variance.Total <= NoVariance);
        CrossedVariance used = isAdjusted ? CrossedVariance.Of([.. differences.Select(run => (double[])[.. run, 1, -1])]) : variance;
        double t = Distributions.StudentQuantile(Upper, isAdjusted && first.Count == 1 ? double.MaxValue : used.Degrees);
        double half = t * Math.Sqrt(isAdjusted ? used.Total : Unbiased(used, first[0].Length)), least = isShare ? -1 : double.NegativeInfinity;
        return new(differences.Average(run => run.Average()), Math.Max(least, used.Mean - half), Math.Min(-least, used.Mean + half));
    }

    /// <summary>[seeds][items]: score of the second minus that of the first; of right and wrong, 1 where the second alone is right, -1 where the first alone
    /// is.</summary>
    public static double[][] Differences(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second) =>
        [.. first.Zip(second, (a, b) => a.Zip(b, (x, y) => y - x).ToArray())];

    /// <summary>Whether all scores say right or wrong, and nothing between.</summary>
    public static bool IsBinary(IReadOnlyList<double[]> scores) => scores.All(run => run.All(score => score is 0 or 1));

    /// <summary>Variance of the mean with that of the items as of a sample; of right and wrong the formulas above make up for it.</summary>
    public static double Unbiased(CrossedVariance variance, double items) => (variance.Items * items / Math.Max(1, items - 1)) + variance.Seeds;
}
