using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>The plots over time.</summary>
internal static class PlotSections
{
    /// <summary>Writes them.</summary>
    public static void Write(Page page)
    {
        if (page.Results.Strategies.Count == 0)
        {
            return;
        }

        page.Begin("time", "Accuracy against training time");
        bool hasSeeds = page.Results.Strategies.Any(s => s.Runs.Count > 1);
        bool hasControls = page.Styles.Any(s => s.IsControl);
        page.Plot(
            "Up and to the left is better; dotted, the Pareto front: no other strategy is more accurate without taking longer. Bars are 95 % intervals of test "
                + "accuracy."
            + (hasSeeds ? " Small dots are single seeds." : "")
            + (page.IsTuned ? " Times include the trials that chose the settings." : "")
            + (hasControls ? " Grey: controls without the pretrained network." : ""),
            width => TimePlot.Draw(page.Results, page.Styles, width));
        page.End();

        if (CurvePlot.HasAny(page.Results))
        {
            page.Begin("curves", "How accuracy grew");
            page.Plot(
                $"Validation accuracy over the seconds of a run, {Included(page)}"
                + (hasSeeds ? "; strong lines are the first seed, faint ones the others." : ".")
                + CurvePlot.Notes(page.Results),
                width => CurvePlot.Draw(page.Results, page.Styles, width));
            WriteTimes(page);
            page.End();
        }
    }

    private static void WriteTimes(Page page)
    {
        StrategyResult[] timed = [.. page.Results.Strategies.Where(s => s.TimesToAccuracy is { Count: > 0 })];
        if (timed.Length == 0)
        {
            return;
        }

        double[] levels = [.. timed.SelectMany(s => s.TimesToAccuracy!.Select(t => t.Accuracy)).Distinct().Order()];
        page.Table(
            $"Time to accuracy: seconds, {Included(page)}, until the accuracy on validation examples is first reached (where none are held out, the whole "
                + $"training, if the test "
            + "shows that accuracy); means over the seeds that reach it, and how many where not all do.",
            ["Strategy", .. levels.Select(level => $"{Figures.Percent(level)} %#")],
            timed.Select(s => (string[])[s.Name, .. levels.Select(level => Cell(s, s.TimesToAccuracy!.FirstOrDefault(t => t.Accuracy == level)))]));
    }

    private static string Cell(StrategyResult strategy, TimeToAccuracy? time) => time is null ? "-"
        : time.Seconds is not { } seconds ? "not reached"
        : Figures.Duration(seconds) + (time.Seeds < strategy.Runs.Count ? $" ({time.Seeds} of {strategy.Runs.Count})" : "");

    private static string Included(Page page) => "reading and features included" + (page.IsTuned ? ", the trials that chose the settings not" : "");
}
