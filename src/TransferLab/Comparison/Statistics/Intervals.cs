namespace TransferLab.Comparison;

/// <summary>
/// 95 % intervals for what a finite test and a few seeds can say. Both sources of chance count: which examples the test happens to hold, and
/// what the seed happened to give. With one seed the interval speaks of that one trained model. How often they contain the truth is tested by simulation.
/// </summary>
internal static class Intervals
{
    private const double Upper = 0.975;

    /// <summary>
    /// Accuracy: Wilson's score interval (Wilson 1927), which stays inside [0, 1] and is honest at 100 %. Variation between seeds enters as a
    /// smaller number of test examples, and their small number as Student's t in place of the normal distribution.
    /// </summary>
    /// <param name="right">For each seed, which test examples were right; the same examples in the same order.</param>
    public static Estimate Accuracy(IReadOnlyList<bool[]> right)
    {
        CrossedVariance variance = CrossedVariance.Of([.. right.Select(run => Array.ConvertAll(run, x => x ? 1.0 : 0))]);
        double n = right[0].Length, p = variance.Mean, items = p * (1 - p);
        double effective = variance.Total > 0 ? Math.Min(n * right.Count, items / variance.Total) : n;
        double t = Distributions.StudentQuantile(Upper, right.Count == 1 ? double.MaxValue : variance.Degrees), t2 = t * t / effective;
        double centre = (p + (t2 / 2)) / (1 + t2);
        double half = t / (1 + t2) * Math.Sqrt((items / effective) + (t2 / (4 * effective)));
        return new(p, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// Difference in accuracy on the same test examples: the adjusted Wald interval for paired proportions of Bonett and Price (2012) - one example more
    /// that was gained and one that was lost, so that it is honest without any - with the variance between seeds and Student's t.
    /// </summary>
    /// <param name="first">For each seed, which test examples the first strategy had right.</param>
    /// <param name="second">The same of the second, for the same seeds.</param>
    /// <returns>Second minus first.</returns>
    public static Estimate Difference(IReadOnlyList<bool[]> first, IReadOnlyList<bool[]> second)
    {
        double[][] differences = Differences(first, second);
        CrossedVariance adjusted = CrossedVariance.Of([.. differences.Select(run => (double[])[.. run, 1, -1])]);
        double half = Distributions.StudentQuantile(Upper, first.Count == 1 ? double.MaxValue : adjusted.Degrees) * Math.Sqrt(adjusted.Total);
        return new(differences.Average(run => run.Average()), Math.Max(-1, adjusted.Mean - half), Math.Min(1, adjusted.Mean + half));
    }

    /// <summary>[seeds][items]: 1 where the second alone is right, -1 where the first alone is.</summary>
    public static double[][] Differences(IReadOnlyList<bool[]> first, IReadOnlyList<bool[]> second) =>
        [.. first.Zip(second, (a, b) => a.Zip(b, (x, y) => (y ? 1.0 : 0) - (x ? 1.0 : 0)).ToArray())];
}
