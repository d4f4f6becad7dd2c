using TransferLab.Comparison;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Answers;

/// <summary>What becomes of the ways when facts change, and how long it takes to mend them.</summary>
internal static class FreshnessSection
{
    /// <summary>Writes it, if changes were tried.</summary>
    public static void Write(Page page)
    {
        ComparisonResults results = page.Results;
        if (results.Freshness is not { } fresh)
        {
            return;
        }

        page.Begin("freshness", "When facts change",
            "Asked again after the change, of the first seed: as it was prepared, with index or examples made anew, tuned from the start on the changed rows, "
            + "and tuned on from where it was on the changes alone. Tuned ways that look up are indexed anew too when they are tuned.");
        page.Markup.Open("ul", ("class", "sentences"));
        foreach (string sentence in FreshnessTable.Sentences(results))
        {
            page.Markup.Element("li", sentence);
        }

        page.Markup.Close();
        if (FreshnessPlot.Points(results).Any())
        {
            page.Plot("Up and to the left is better: new answers soon. Bars are 95 % intervals. A way that was not mended is in the table alone.",
                width => FreshnessPlot.Draw(results, page.Styles, width));
        }

        (IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) = FreshnessTable.Of(results);
        page.Table(
            "New: the new answer stands in what was answered. Old: the one that was right before does, and the new one does not. Unchanged: the other test "
                + "questions. "
            + "Kept: how many points more or less these have than before mending; what mending spoiled is below zero.",
            [.. columns.Select((column, i) => i < 2 ? column : column + "#")], rows);
        page.Table("The questions that changed", ["Question", "Old answer~", "New answer~"], fresh.Questions.Select(question => (string[])
        [
            results.Questions!.Items[question.Item].Text, string.Join(" / ", question.Old), question.New.Count == 0 ? "-" : string.Join(" / ", question.New),
        ]));
        page.End();
    }
}
