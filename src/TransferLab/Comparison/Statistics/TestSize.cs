namespace TransferLab.Comparison;

/// <summary>How large a test must be to tell two strategies apart.</summary>
internal static class TestSize
{
    /// <summary>No smaller difference is planned for: half a point.</summary>
    public const double LeastDifference = 0.005;
    private const double LeastShare = 0.05;
    private const double ZAlpha = 1.959964, ZPower = 0.841621;

    /// <summary>The same for scores without bounds: a twentieth of their deviation over the test.</summary>
    public static double LeastOf(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second)
    {
        double[] all = [.. first.Concat(second).SelectMany(scores => scores)];
        double mean = all.Average();
        return Math.Max(double.Epsilon, LeastShare * Math.Sqrt(all.Average(score => (score - mean) * (score - mean))));
    }

    /// <summary>
    /// Test examples with which a difference is found with a power of 80 % at 5 %, two-sided, from how often the strategies disagree (Connor 1987);
    /// what the seeds add to the variance no test takes away.
    /// </summary>
    /// <param name="difference">The difference, above 0.</param>
    /// <param name="ofItem">For each test example, the mean difference over the seeds, in [-1, 1].</param>
    /// <param name="seedVariance">Variance of the mean difference that comes from the seeds.</param>
    /// <returns>Null where no number of examples would do.</returns>
    public static long? For(double difference, IReadOnlyCollection<double> ofItem, double seedVariance)
    {
        double discordant = ofItem.Average(d => d * d);
        double room = (difference * difference) - (Math.Pow(ZAlpha + ZPower, 2) * seedVariance);
        double root = (ZAlpha * Math.Sqrt(discordant)) + (ZPower * Math.Sqrt(Math.Max(0, discordant - (difference * difference))));
        return room <= 0 ? null : (long)Math.Ceiling(root * root / room);
    }
}
