namespace TransferLab.Comparison;

/// <summary>Compares ways in pairs that were named beforehand, on test examples that come in clusters.</summary>
internal static class ClusteredPairs
{
    /// <summary>The name of the test, as results show it.</summary>
    public const string Method = "paired t of clusters";

    /// <summary>The difference and the test of every pair, p-values corrected for the number of pairs (Holm 1979).</summary>
    /// <param name="pairs">[seeds][items] scores of the first and the second way of each pair; a way of one run stands beside each seed of the other.</param>
    /// <param name="clusters">What belongs together.</param>
    /// <param name="isShare">Whether scores lie between 0 and 1.</param>
    public static IReadOnlyList<(Estimate Difference, PairTest Test)> Of(
        IReadOnlyList<(IReadOnlyList<double[]> First, IReadOnlyList<double[]> Second)> pairs, Clusters clusters, bool isShare = true)
    {
        PairTest[] tests = [.. pairs.Select(pair => Test(pair.First, pair.Second, clusters, isShare))];
        double[] corrected = PairStatistics.Holm([.. tests.Select(test => test.PValue)]);
        return [.. pairs.Select((pair, i) =>
            (ClusteredIntervals.Difference(pair.First, pair.Second, clusters, isShare), tests[i] with { Corrected = corrected[i] }))];
    }

    /// <summary>One pair: p is below .05 just where the 95 % interval of the difference leaves 0 out.</summary>
    public static PairTest Test(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, Clusters clusters, bool isShare = true)
    {
        double[][] differences = ClusteredIntervals.Differences(first, second);
        ClusteredVariance used = ClusteredIntervals.OfDifferences(first, second, differences, clusters, isShare);
        double[] ofItem = [.. Enumerable.Range(0, clusters.Items).Select(i => differences.Average(run => run[i]))];
        double mean = ofItem.Average(), smallest = Math.Max(isShare ? TestSize.LeastDifference : TestSize.LeastOf(first, second), Math.Abs(mean));
        double independent = ofItem.Sum(d => (d - mean) * (d - mean)) / Math.Max(1, ofItem.Length - 1) / ofItem.Length;
        long? needed = TestSize.For(smallest, Intervals.IsBinary(first) && Intervals.IsBinary(second) ? [.. ofItem, 1, -1] : ofItem, used.Seeds);
        return new()
        {
            Gained = ofItem.Count(d => d > 0),
            Lost = ofItem.Count(d => d < 0),
            Method = Method,
            PValue = used.Mean == 0 || used.Total == 0 ? 1 : Distributions.StudentTest(Math.Abs(used.Mean) / Math.Sqrt(used.Total), used.Degrees),
            NeededFor = smallest,
            NeededExamples = needed is { } examples ? (long)Math.Ceiling(examples * (independent > 0 ? Math.Max(1, used.Clusters / independent) : 1)) : null,
        };
    }
}
