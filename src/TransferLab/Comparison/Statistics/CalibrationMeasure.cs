namespace TransferLab.Comparison;

/// <summary>Measures calibration from what results.json holds of every run: the probability of the predicted label, and whether it was right.</summary>
internal static class CalibrationMeasure
{
    private const int Bins = 15;
    private const int Draws = 100;
    private const int Seed = 15;

    /// <summary>Calibration over the runs of one strategy together.</summary>
    /// <param name="scores">[N] probabilities of the predicted labels.</param>
    /// <param name="right">[N] whether they were right.</param>
    public static Calibration Of(IReadOnlyList<float> scores, IReadOnlyList<bool> right) => Of(scores, right, scores.Count);

    /// <summary>The same of runs one after another over the same test examples, which are hard or easy for all of them.</summary>
    /// <param name="scores">[runs * tests].</param>
    /// <param name="right">[runs * tests].</param>
    /// <param name="tests">Test examples.</param>
    internal static Calibration Of(IReadOnlyList<float> scores, IReadOnlyList<bool> right, int tests)
    {
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderBy(i => scores[i])];
        double[] sorted = [.. order.Select(i => (double)scores[i])];
        bool[] hits = [.. order.Select(i => right[i])];
        List<CalibrationBin> bins = [.. Edges(sorted.Length).Select(edge => Bin(sorted, hits, edge.From, edge.To))];
        return new()
        {
            Error = Distance(bins),
            ErrorByChance = ByChance(sorted, [.. order.Select(i => i % tests)], tests),
            Overconfidence = sorted.Average() - (hits.Count(hit => hit) / (double)hits.Length),
            Bins = bins,
        };
    }

    private static IEnumerable<(int From, int To)> Edges(int count)
    {
        int bins = Math.Min(Bins, count);
        return Enumerable.Range(0, bins).Select(b => ((int)((long)count * b / bins), (int)((long)count * (b + 1) / bins)));
    }

    private static CalibrationBin Bin(double[] sorted, bool[] hits, int from, int to)
    {
        double confidence = 0;
        int right = 0;
        for (int i = from; i < to; i++)
        {
            confidence += sorted[i];
            right += hits[i] ? 1 : 0;
        }

        return new(confidence / (to - from), (double)right / (to - from), to - from);
    }

    private static double Distance(IReadOnlyList<CalibrationBin> bins) =>
        bins.Sum(bin => bin.Count * Math.Abs(bin.Confidence - bin.Accuracy)) / bins.Sum(bin => bin.Count);

    private static double ByChance(double[] sorted, int[] test, int tests)
    {
        Random random = new(Seed);
        (int From, int To)[] edges = [.. Edges(sorted.Length)];
        double sum = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] luck = [.. Enumerable.Range(0, tests).Select(_ => random.NextDouble())]; // One an example, whatever the seed.
            bool[] hits = [.. sorted.Select((p, i) => luck[test[i]] < p)];
            sum += Distance([.. edges.Select(edge => Bin(sorted, hits, edge.From, edge.To))]);
        }

        return sum / Draws;
    }
}
