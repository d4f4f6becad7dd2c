namespace TransferLab.Comparison;

/// <summary>After how many requests tuning has paid for itself against ways that need none.</summary>
internal static class AnswerBreakEven
{
    /// <summary>Every tuned way against every untuned one that costs more a request.</summary>
    public static IReadOnlyList<BreakEven> Of(IReadOnlyList<(AnswerWay Way, StrategyResult Row)> rows, AnswerPrices? prices, int[] clusters)
    {
        bool inPrice = prices is { Hour: > 0 };
        List<BreakEven> found = [];
        foreach ((AnswerWay way, StrategyResult tuned) in rows.Where(row => row.Way is { Adaptation: not null, CanBeUsed: true }))
        {
            foreach ((AnswerWay other, StrategyResult row) in rows.Where(row => row.Way is { Adaptation: null, CanBeUsed: true, HasModel: true }))
            {
                double ahead = (tuned.Cost!.Preparation - row.Cost!.Preparation) * (inPrice ? prices!.Hour / 3600 : 1);
                Estimate saved = AnswerStatistics.Difference(Costs(tuned, prices, inPrice), Costs(row, prices, inPrice), clusters, isShare: false).Difference;
                if (ahead > 0 && saved.Value > 0)
                {
                    found.Add(new(way.Name, other.Name, ahead / saved.Value, ahead / saved.High, saved.Low > 0 ? ahead / saved.Low : null, inPrice ? "price" : "seconds"));
                }
            }
        }

        return found;
    }

    private static double[][] Costs(StrategyResult row, AnswerPrices? prices, bool inPrice) =>
        [.. AnswerStatistics.Runs(row).Select(run => run.Answers!.Select(answer => inPrice ? prices!.Of(answer.InputTokens, answer.OutputTokens, answer.Seconds) : answer.Seconds).ToArray())];
}
