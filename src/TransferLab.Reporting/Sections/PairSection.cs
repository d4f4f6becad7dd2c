using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>The differences between strategies, as sentences and as intervals around zero.</summary>
internal static class PairSection
{
    /// <summary>Writes it, if there are pairs.</summary>
    public static void Write(Page page)
    {
        if (page.Results.Pairs.Count == 0)
        {
            return;
        }

        page.Begin("pairs", "What the choice is worth");
        page.Markup.Open("ul", ("class", "sentences"));
        foreach (PairResult pair in page.Results.Pairs)
        {
            page.Markup.Element("li", pair.Sentence);
        }

        page.Markup.Close();
        page.Plot(
            "Difference in test accuracy, second minus first, paired on the same test examples, with its 95 % interval. "
            + "Filled: the interval excludes zero, coloured as the better strategy. Hollow: no difference shown.",
            width => ForestPlot.Draw(page.Results, page.Styles, width));
        page.Table("Training time and accuracy of the second strategy against the first",
            ["First → second", "Difference, points (95 % interval)#", "Training time ratio#"],
            page.Results.Pairs.Select(p => (string[])[$"{p.First} → {p.Second}", Figures.PointsWithInterval(p.Difference), Figures.Ratio(p.TimeRatio)]));
        page.End();
    }
}
