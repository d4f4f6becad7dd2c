namespace TransferLab.Comparison;

/// <summary>
/// 95 % intervals for what a finite test and a few seeds can say. Both sources of chance count: which examples the test happens to hold, and
/// what the seed happened to give.
/// </summary>
internal static class Intervals
{
    private const double Z = 1.959964;

    /// <summary>
    /// Accuracy: Wilson's score interval (Wilson 1927), which stays inside [0, 1] and is honest at 100 %. Variation between seeds enters as a
    /// smaller number of test examples.
    /// </summary>
    /// <param name="right">For each seed, which test examples were right; the same examples in the same order.</param>
    public static Estimate Accuracy(IReadOnlyList<bool[]> right)
    {
        double n = right[0].Length;
        double[] accuracies = [.. right.Select(run => run.Count(x => x) / n)];
        double p = accuracies.Average();
        double items = p * (1 - p) / n;
        double effective = items > 0 ? n * items / (items + MeanVariance(accuracies)) : n;
        double z2 = Z * Z / effective;
        double centre = (p + (z2 / 2)) / (1 + z2);
        double half = Z / (1 + z2) * Math.Sqrt((p * (1 - p) / effective) + (z2 / (4 * effective)));
        return new(p, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// Difference in accuracy on the same test examples: the adjusted Wald interval for paired proportions of Bonett and Price (2012), which
    /// needs no discordant example to be honest; the variance of the difference between seeds is added.
    /// </summary>
    /// <param name="first">For each seed, which test examples the first strategy had right.</param>
    /// <param name="second">The same of the second, for the same seeds.</param>
    /// <returns>Second minus first.</returns>
    public static Estimate Difference(IReadOnlyList<bool[]> first, IReadOnlyList<bool[]> second)
    {
        double n = first[0].Length;
        int seeds = first.Count;
        double gained = 0, lost = 0;
        double[] differences = new double[seeds];
        for (int s = 0; s < seeds; s++)
        {
            int up = first[s].Zip(second[s]).Count(pair => !pair.First && pair.Second);
            int down = first[s].Zip(second[s]).Count(pair => pair.First && !pair.Second);
            differences[s] = (up - down) / n;
            gained += (double)up / seeds;
            lost += (double)down / seeds;
        }

        double g = (gained + 1) / (n + 2), l = (lost + 1) / (n + 2);
        double variance = ((g + l - ((g - l) * (g - l))) / (n + 2)) + MeanVariance(differences);
        double half = Z * Math.Sqrt(variance);
        return new((gained - lost) / n, Math.Max(-1, g - l - half), Math.Min(1, g - l + half));
    }

    /// <summary>Estimated variance of the mean of values; 0 where one value tells nothing of it.</summary>
    private static double MeanVariance(double[] values)
    {
        if (values.Length < 2)
        {
            return 0;
        }

        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length;
    }
}
