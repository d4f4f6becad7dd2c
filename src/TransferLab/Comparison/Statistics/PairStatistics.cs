
namespace TransferLab.Comparison;

/// <summary>Compares every two strategies of a comparison on its test examples.</summary>
internal static class PairStatistics
{
    /// <summary>Everything that can be said of every pair.</summary>
    /// <param name="strategies">Strategies with runs of the same seeds.</param>
    /// <param name="labels">True labels of the test examples.</param>
    /// <param name="metric">What is compared; accuracy where not given.</param>
    public static IReadOnlyList<PairResult> Of(IReadOnlyList<StrategyResult> strategies, IReadOnlyList<int> labels, MetricSummary? metric = null)
    {
        metric ??= MetricSummary.Accuracy;
        double[][][] scores = [.. strategies.Select(strategy => strategy.Runs.Select(run => TaskScores.Of(run, metric, labels)).ToArray())];
        PairedBootstrap? bootstrap = strategies.Count > 1 ? new(scores) : null;
        List<(int First, int Second, Estimate Difference, PairTest Test)> pairs = [];
        for (int i = 0; i < strategies.Count; i++)
        {
            for (int j = i + 1; j < strategies.Count; j++)
            {
                pairs.Add((i, j, Intervals.Difference(scores[i], scores[j], metric.IsShare),
                    Test(scores[i], scores[j], metric.IsShare) with { Bootstrap = bootstrap!.Difference(i, j) }));
            }
        }

        double[] corrected = Holm([.. pairs.Select(pair => pair.Test.PValue)]);
        return [.. pairs.Select((pair, i) =>
            Result(strategies[pair.First], strategies[pair.Second], pair.Difference, pair.Test with { Corrected = corrected[i] }, labels.Count, metric))];
    }

    /// <summary>P-values corrected for their number: the smallest times all, the next times one fewer, never falling (Holm 1979).</summary>
    public static double[] Holm(IReadOnlyList<double> values)
    {
        double[] corrected = new double[values.Count];
        double largest = 0;
        int rest = values.Count;
        foreach (int i in Enumerable.Range(0, values.Count).OrderBy(i => values[i]))
        {
            corrected[i] = largest = Math.Max(largest, Math.Min(1, values[i] * rest--));
        }

        return corrected;
    }

    /// <summary>The test of the difference - McNemar's of right and wrong, Student's paired one of other scores - and the size of test that would do.</summary>
    public static PairTest Test(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, bool isShare = true)
    {
        double[][] differences = Intervals.Differences(first, second);
        CrossedVariance variance = CrossedVariance.Of(differences);
        bool isBinary = Intervals.IsBinary(first) && Intervals.IsBinary(second);
        double[] ofItem = [.. Enumerable.Range(0, differences[0].Length).Select(i => differences.Average(run => run[i]))];
        int gained = ofItem.Count(d => d > 0), lost = ofItem.Count(d => d < 0);
        double smallest = Math.Max(isShare ? TestSize.LeastDifference : TestSize.LeastOf(first, second), Math.Abs(ofItem.Average()));
        return new()
        {
            Gained = gained,
            Lost = lost,
            Method = isBinary ? null : "paired t",
            PValue = isBinary ? Distributions.SignTest(gained, lost) : Student(variance, ofItem.Length),
            NeededFor = smallest,
            NeededExamples = TestSize.For(smallest, isBinary ? [.. ofItem, 1, -1] : ofItem, variance.Seeds),
        };
    }

    private static double Student(CrossedVariance variance, int items) => variance.Mean == 0 ? 1
        : Distributions.StudentTest(Math.Abs(variance.Mean) / Math.Sqrt(Intervals.Unbiased(variance, items)), variance.Degrees);

    private static PairResult Result(StrategyResult first, StrategyResult second, Estimate difference, PairTest test, int tests, MetricSummary metric)
    {
        double ratio = second.TrainSeconds / first.TrainSeconds;
        return new()
        {
            First = first.Name,
            Second = second.Name,
            Difference = difference,
            TimeRatio = ratio,
            Test = test,
            Sentence = Verdict.Sentence(first.Name, second.Name, difference, ratio, tests, test, first.Runs.Count, metric),
        };
    }
}
