using System.Globalization;

namespace TransferLab.Comparison;

/// <summary>Means and differences of answers' scores, where questions of a cluster stand and fall together.</summary>
internal static class AnswerStatistics
{
    /// <summary>The runs that say something of their own: of what is not tuned, one says all.</summary>
    public static IEnumerable<RunResult> Runs(StrategyResult row) => row.MovesPretrained ? row.Runs : row.Runs.Take(1);

    /// <summary>A mean with its interval.</summary>
    public static Estimate Mean(IReadOnlyList<double[]> scores, int[] clusters, bool isShare) => ClusteredIntervals.Mean(scores, Of(clusters), isShare);

    /// <summary>A paired difference, second minus first, with its interval and test.</summary>
    public static (Estimate Difference, PairTest Test) Difference(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, int[] clusters, bool isShare)
    {
        Clusters together = Of(clusters);
        return (ClusteredIntervals.Difference(first, second, together, isShare), ClusteredPairs.Test(first, second, together, isShare));
    }

    private static Clusters Of(int[] clusters) => new([.. clusters.Select(cluster => cluster.ToString(CultureInfo.InvariantCulture))]);
}
