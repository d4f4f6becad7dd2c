namespace TransferLab.Comparison;

/// <summary>After how many requests tuning has paid for itself against ways that need none.</summary>
internal static class AnswerBreakEven
{
    /// <summary>Every tuned way against every untuned one: what it takes more to prepare, by what it saves a request.</summary>
    /// <param name="rows">The ways.</param>
    /// <param name="prices">What tokens or hours cost; seconds are compared where nobody says, or where no price of preparation follows from it.</param>
    /// <param name="clusters">The cluster of every question: costs of a request are resampled by these.</param>
    public static IReadOnlyList<BreakEven> Of(IReadOnlyList<(AnswerWay Way, StrategyResult Row)> rows, AnswerPrices? prices, int[] clusters)
    {
        prices = prices is { KnowsPreparation: true } ? prices : null;
        List<BreakEven> found = [];
        foreach ((AnswerWay way, StrategyResult tuned) in rows.Where(row => row.Way is { Adaptation: not null, CanBeUsed: true }))
        {
            foreach ((AnswerWay other, StrategyResult row) in rows.Where(row => row.Way is { Adaptation: null, CanBeUsed: true, HasModel: true }))
            {
                double ahead = Preparation(tuned, prices) - Preparation(row, prices);
                Estimate saved = AnswerStatistics.Difference(Costs(tuned, prices), Costs(row, prices), clusters, isShare: false).Difference;
                if (ahead > 0 || saved.Value > 0)
                {
                    found.Add(new(way.Name, other.Name, Requests(ahead, saved.Value), Requests(ahead, saved.High), Requests(ahead, saved.Low), prices is null
                        ? "seconds"
                        : "price"));
                }
            }
        }

        return found;
    }

    private static double? Requests(double ahead, double saved) => saved > 0 ? Math.Max(0, ahead / saved) : null;

    private static double Preparation(StrategyResult row, AnswerPrices? prices) =>
        prices is null ? row.Cost!.Preparation : prices.OfPreparation(row.Cost!.PreparationTokens, row.Cost.Preparation);

    private static double[][] Costs(StrategyResult row, AnswerPrices? prices) =>
        [.. AnswerStatistics.Runs(row).Select(run => run.Answers!.Select(answer => prices?.Of(answer.InputTokens, answer.OutputTokens, answer.Seconds)
            ?? answer.Seconds).ToArray())];
}
