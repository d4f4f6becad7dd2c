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
            + "Filled: a difference is shown (the interval excludes zero, and McNemar's test, corrected for the number of pairs, agrees), coloured as the "
                + "better strategy. Hollow: none is.",
            width => ForestPlot.Draw(page.Results, page.Styles, width));
        page.Table(
            "Second strategy against the first. Gained and lost: test examples that the second alone, or the first alone, has right, in most seeds; p is "
                + "McNemar's exact test on them, "
            + "corrected for the number of pairs (Holm). The interval is Bonett and Price's with the variance between seeds; the bootstrap draws test examples "
                + "and seeds anew. Needed: test examples with which "
            + "a difference like this one, of half a point at least, is found four times in five.",
            ["First → second", "Difference, points (95 % interval)#", "Bootstrap, points#", "Gained#", "Lost#", "p#", "Needed#", "Training time ratio#"],
            page.Results.Pairs.Select(Row));
        page.End();
    }

    private static string[] Row(PairResult pair) =>
    [
        $"{pair.First} → {pair.Second}",
        Figures.PointsWithInterval(pair.Difference),
        pair.Test?.Bootstrap is { } bootstrap ? $"{Figures.Points(bootstrap.Low)} to {Figures.Points(bootstrap.High)}" : "",
        pair.Test is { } test ? Figures.Count(test.Gained) : "",
        pair.Test is { } lost ? Figures.Count(lost.Lost) : "",
        pair.Test is { } p ? Figures.Probability(p.Corrected) : "",
        pair.Test is { } needed ? needed.NeededExamples is { } count ? Figures.Count(count) : "more seeds" : "",
        Figures.Ratio(pair.TimeRatio),
    ];
}
