namespace TransferLab.Comparison;

/// <summary>Means and differences of answers' scores, where questions of a cluster stand and fall together.</summary>
internal static class AnswerStatistics
{
    /// <summary>A mean with its interval.</summary>
    public static Estimate Mean(IReadOnlyList<double[]> scores, int[] clusters, bool isShare) => Intervals.Mean(scores, isShare);

    /// <summary>A paired difference, second minus first, with its interval and test.</summary>
    public static (Estimate Difference, PairTest Test) Difference(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, int[] clusters, bool isShare) =>
        (Intervals.Difference(first, second, isShare), PairStatistics.Test(first, second, isShare));
}
