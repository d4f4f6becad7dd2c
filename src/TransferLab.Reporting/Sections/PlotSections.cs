using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>The two plots over time.</summary>
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
            "Up and to the left is better. Bars are 95 % intervals of test accuracy."
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
            page.End();
        }
    }
}
