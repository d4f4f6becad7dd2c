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
            "Up and to the left is better; dotted, the Pareto front: no other strategy is more accurate without taking longer. Bars are 95 % intervals of test accuracy."
            + (hasSeeds ? " Small dots are single seeds." : "")
            + (hasControls ? " Grey: controls without the pretrained network." : ""),
            width => TimePlot.Draw(page.Results, page.Styles, width));
        page.End();

        if (CurvePlot.HasAny(page.Results))
        {
            page.Begin("curves", "How accuracy grew");
            page.Plot(
                "Validation accuracy over the seconds of a run, reading and features included"
                + (hasSeeds ? "; strong lines are the first seed, faint ones the others." : ".")
                + CurvePlot.Notes(page.Results),
                width => CurvePlot.Draw(page.Results, page.Styles, width));
            WriteTimes(page);
            page.End();
        }
    }

    private static void WriteTimes(Page page)
    {
        var timed = page.Results.Strategies.Where(s => s.TimesToAccuracy is { Count: > 0 }).ToList();
        if (timed.Count == 0)
        {
            return;
        }

        page.Table("Time to accuracy: seconds, reading and features included, until the accuracy on validation examples is first reached (where none are held out, the whole training, if the test "
            + "shows that accuracy); means over the seeds that reach it, and how many where not all do.",
            ["Strategy", .. timed[0].TimesToAccuracy!.Select(t => $"{Figures.Percent(t.Accuracy)} %#")],
            timed.Select(s => (string[])[s.Name, .. s.TimesToAccuracy!.Select(t => t.Seconds is not { } seconds ? "not reached"
                : Figures.Duration(seconds) + (t.Seeds < s.Runs.Count ? $" ({t.Seeds} of {s.Runs.Count})" : ""))]));
    }
}
