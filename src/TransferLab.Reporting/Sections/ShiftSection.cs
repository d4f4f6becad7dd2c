using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>How well the models hold up on tests that differ from the training data.</summary>
internal static class ShiftSection
{
    /// <summary>Writes it, if there were such tests.</summary>
    public static void Write(Page page)
    {
        (StrategyResult Strategy, SeriesStyle Style)[] shown = [.. page.Strategies.Where(s => s.Strategy.Shifts is { Count: > 0 })];
        if (shown.Length == 0)
        {
            return;
        }

        (string Name, int Severity)[] tests = [.. shown.SelectMany(s => s.Strategy.Shifts!).Select(t => (t.Name, t.Severity)).Distinct()
            .GroupBy(t => t.Name).SelectMany(kind => kind.OrderBy(t => t.Severity))];
        page.Begin("shift", "On data that is not like the training data",
            string.Join(" ", tests.SelectMany(t => shown.Select(s => Find(s.Strategy, t)).OfType<ShiftResult>().Select(Describe).Distinct())));
        IGrouping<string, (string Name, int Severity)>[] kinds = [.. tests.Where(t => t.Severity > 0).GroupBy(t => t.Name).Where(kind => kind.Count() > 1)];
        if (kinds.Length > 0)
        {
            page.Markup.Open("div", ("class", "matrices"));
            foreach (IGrouping<string, (string Name, int Severity)> kind in kinds)
            {
                string[] places = ["none", .. kind.Select(t => $"{t.Severity}")];
                page.Markup.Line().Open("figure").Own(LinesPlot.Draw(360, 300, $"Accuracy under {kind.Key}", places,
                    [
                        .. shown.Where(s => kind.Any(t => Find(s.Strategy, t) is not null)).Select(s =>
                            new LinesPlot.Series(s.Style,
                                [s.Strategy.Accuracy.Value * 100, .. kind.Select(t => Find(s.Strategy, t)?.Accuracy.Value * 100 ?? double.NaN)])),
                    ],
                    $"Test accuracy under {kind.Key}, %", "severity →", (0, 100, 4), v => Figures.Percent(v / 100) + " %")).Close();
            }

            page.Markup.Close();
        }

        page.Table("Accuracy in per cent (95 % interval)", ["Strategy", "as it is#", .. tests.Select(t => Label(t) + "#")],
            shown.Select(s =>
                (string[])[s.Strategy.Name, Figures.PercentWithInterval(s.Strategy.Accuracy), .. tests.Select(t => Find(s.Strategy, t) is { } found
                    ? Figures.PercentWithInterval(found.Accuracy)
                    : "-")]));
        (string Name, int Severity)[] paired = [.. tests.Where(t => shown.Any(s => Find(s.Strategy, t)?.Change is not null))];
        if (paired.Length > 0)
        {
            page.Table("Change against the test as it is, in points (95 % interval), paired example by example",
                ["Strategy", .. paired.Select(t => Label(t) + "#")],
                shown.Select(s =>
                    (string[])[s.Strategy.Name, .. paired.Select(t => Find(s.Strategy, t)?.Change is { } change ? Figures.PointsWithInterval(change) : "-")]));
        }

        page.End();
    }

    /// <summary>What a strategy came to on a test; null where it was not tested so, as in comparisons laid side by side.</summary>
    private static ShiftResult? Find(StrategyResult strategy, (string Name, int Severity) test) =>
        strategy.Shifts!.FirstOrDefault(t => (t.Name, t.Severity) == test);

    private static string Describe(ShiftResult test) =>
        $"{Label((test.Name, test.Severity))}: {test.Description}{(test.Change is null ? $", {Figures.Count(test.Tests, "example")}" : "")}.";

    private static string Label((string Name, int Severity) test) => test.Severity == 0 ? test.Name : $"{test.Name} {test.Severity}";
}
