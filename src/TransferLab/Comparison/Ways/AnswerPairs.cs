namespace TransferLab.Comparison;

/// <summary>
/// Differences between ways on the same questions, clusters resampled. Named beforehand, and corrected for their number (Holm): every way that can be used
/// against <c>prompt</c>, and every tuned one with passages against <c>rag</c>. The rest is exploratory: the best against every other.
/// </summary>
internal sealed class AnswerPairs
{
    public AnswerPairs(IReadOnlyList<(AnswerWay Way, StrategyResult Row)> rows, MetricSummary metric, int[] clusters)
    {
        StrategyResult? Find(string name) => rows.FirstOrDefault(row => row.Way.Name == name).Row;
        List<(StrategyResult First, StrategyResult Second)> planned = [];
        foreach ((AnswerWay way, StrategyResult row) in rows.Where(row => row.Way.CanBeUsed && row.Way.Name != "prompt"))
        {
            if (Find("prompt") is { } prompt)
            {
                planned.Add((prompt, row));
            }

            if (way is { Adaptation: not null, Context: WayContext.Rag } && Find("rag") is { } rag)
            {
                planned.Add((rag, row));
            }
        }

        StrategyResult best = Best(rows, metric);
        (StrategyResult First, StrategyResult Second)[] rest =
            [.. rows.Select(row => row.Row).Where(row => row != best && !planned.Any(pair => Are(pair, row, best))).Select(row => (row, best))];
        (Estimate Difference, PairTest Test)[] measured =
            [.. planned.Concat(rest).Select(pair => AnswerStatistics.Difference(Scores(pair.First), Scores(pair.Second), clusters, metric.IsShare))];
        double[] corrected = PairStatistics.Holm([.. measured.Take(planned.Count).Select(pair => pair.Test.PValue)]);
        All = [.. planned.Concat(rest).Select((pair, i) =>
        {
            bool isPlanned = i < planned.Count;
            PairTest test = measured[i].Test with { Corrected = isPlanned ? corrected[i] : measured[i].Test.PValue };
            return new PairResult
            {
                First = pair.First.Name,
                Second = pair.Second.Name,
                Difference = measured[i].Difference,
                TimeRatio = pair.Second.Cost!.Seconds / Math.Max(1e-6, pair.First.Cost!.Seconds),
                Test = test,
                Planned = isPlanned,
                Sentence = AnswerVerdict.Sentence(pair.First.Name, pair.Second.Name, measured[i].Difference, test, isPlanned, planned.Count, metric, clusters),
            };
        })];

        double[][] Scores(StrategyResult row) => [.. AnswerStatistics.Runs(row).Select(run => run.Scores[metric.Name])];
    }

    /// <summary>The planned ones first.</summary>
    public IReadOnlyList<PairResult> All { get; }

    /// <summary>The best way that can be used; of equals the cheapest.</summary>
    public static StrategyResult Best(IReadOnlyList<(AnswerWay Way, StrategyResult Row)> rows, MetricSummary metric) =>
        rows.Where(row => row.Way.CanBeUsed).DefaultIfEmpty(rows[0]).OrderByDescending(row => metric.LowerIsBetter
            ? -row.Row.Accuracy.Value
            : row.Row.Accuracy.Value).ThenBy(row => row.Row.Cost!.Seconds).First().Row;

    private static bool Are((StrategyResult First, StrategyResult Second) pair, StrategyResult a, StrategyResult b) => (pair.First == a && pair.Second == b)
        || (pair.First == b && pair.Second == a);
}
