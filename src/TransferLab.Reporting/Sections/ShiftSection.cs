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
        var shown = page.Strategies.Where(s => s.Strategy.Shifts is { Count: > 0 }).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        IReadOnlyList<ShiftResult> tests = shown[0].Strategy.Shifts!;
        page.Begin("shift", "On data that is not like the training data",
            string.Join(" ", tests.Select(t => $"{Label(t)}: {t.Description}{(t.Change is null ? $", {Figures.Count(t.Tests, "example")}" : "")}.")));
        var kinds = tests.Where(t => t.Severity > 0).GroupBy(t => t.Name).Where(kind => kind.Count() > 1).ToList();
        if (kinds.Count > 0)
        {
            page.Markup.Open("div", ("class", "matrices"));
            foreach (var kind in kinds)
            {
                string[] places = ["none", .. kind.Select(t => $"{t.Severity}")];
                page.Markup.Line().Open("figure").Own(LinesPlot.Draw(360, 300, $"Accuracy under {kind.Key}", places,
                    [.. shown.Select(s => new LinesPlot.Series(s.Style, [s.Strategy.Accuracy.Value * 100, .. s.Strategy.Shifts!.Where(t => t.Name == kind.Key).Select(t => t.Accuracy.Value * 100)]))],
                    $"Test accuracy under {kind.Key}, %", "severity →", (0, 100, 4), v => Figures.Percent(v / 100) + " %")).Close();
            }

            page.Markup.Close();
        }

        page.Table("Accuracy in per cent (95 % interval)", ["Strategy", "as it is#", .. tests.Select(t => Label(t) + "#")],
            shown.Select(s => (string[])[s.Strategy.Name, Figures.PercentWithInterval(s.Strategy.Accuracy), .. s.Strategy.Shifts!.Select(t => Figures.PercentWithInterval(t.Accuracy))]));
        if (tests.Any(t => t.Change is not null))
        {
            page.Table("Change against the test as it is, in points (95 % interval), paired example by example", ["Strategy", .. tests.Where(t => t.Change is not null).Select(t => Label(t) + "#")],
                shown.Select(s => (string[])[s.Strategy.Name, .. s.Strategy.Shifts!.Where(t => t.Change is not null).Select(t => Figures.PointsWithInterval(t.Change!))]));
        }

        page.End();
    }

    private static string Label(ShiftResult test) => test.Severity == 0 ? test.Name : $"{test.Name} {test.Severity}";
}
