
namespace TransferLab.Comparison;

/// <summary>Compares every two strategies of a comparison on its test examples.</summary>
internal static class PairStatistics
{
    /// <summary>Everything that can be said of every pair.</summary>
    /// <param name="strategies">Strategies with runs of the same seeds.</param>
    /// <param name="labels">True labels of the test examples.</param>
    public static IReadOnlyList<PairResult> Of(IReadOnlyList<StrategyResult> strategies, IReadOnlyList<int> labels)
    {
        bool[][][] right = [.. strategies.Select(strategy => strategy.Runs.Select(run => Right(run, labels)).ToArray())];
        PairedBootstrap? bootstrap = strategies.Count > 1 ? new(right) : null;
        List<(int First, int Second, Estimate Difference, PairTest Test)> pairs = [];
        for (int i = 0; i < strategies.Count; i++)
        {
            for (int j = i + 1; j < strategies.Count; j++)
            {
                pairs.Add((i, j, Intervals.Difference(right[i], right[j]), Test(right[i], right[j]) with { Bootstrap = bootstrap!.Difference(i, j) }));
            }
        }

        double[] corrected = Holm([.. pairs.Select(pair => pair.Test.PValue)]);
        return [.. pairs.Select((pair, i) => Result(strategies[pair.First], strategies[pair.Second], pair.Difference, pair.Test with { Corrected = corrected[i] }, labels.Count))];
    }

    /// <summary>Which test examples a run has right.</summary>
    public static bool[] Right(RunResult run, IReadOnlyList<int> labels) => [.. run.Predicted.Select((label, i) => label == labels[i])];

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

    /// <summary>McNemar's test and the size of test that would do.</summary>
    public static PairTest Test(IReadOnlyList<bool[]> first, IReadOnlyList<bool[]> second)
    {
        double[][] differences = Intervals.Differences(first, second);
        double[] ofItem = [.. Enumerable.Range(0, differences[0].Length).Select(i => differences.Average(run => run[i]))];
        int gained = ofItem.Count(d => d > 0), lost = ofItem.Count(d => d < 0);
        double smallest = Math.Max(TestSize.LeastDifference, Math.Abs(ofItem.Average()));
        return new()
        {
            Gained = gained,
            Lost = lost,
            PValue = Distributions.SignTest(gained, lost),
            NeededFor = smallest,
            NeededExamples = TestSize.For(smallest, [.. ofItem, 1, -1], CrossedVariance.Of(differences).Seeds),
        };
    }

    private static PairResult Result(StrategyResult first, StrategyResult second, Estimate difference, PairTest test, int tests)
    {
        double ratio = second.TrainSeconds / first.TrainSeconds;
        return new()
        {
            First = first.Name,
            Second = second.Name,
            Difference = difference,
            TimeRatio = ratio,
            Test = test,
            Sentence = Verdict.Sentence(first.Name, second.Name, difference, ratio, tests, test, first.Runs.Count),
        };
    }
}
