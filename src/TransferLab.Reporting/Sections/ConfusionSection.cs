using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>Which classes are taken for which: a matrix a strategy, and its most frequent mistakes in words.</summary>
internal static class ConfusionSection
{
    private const int MostClassesWithText = 12;
    private const int MostClasses = 120;
    private const int WorstShown = 8;

    /// <summary>Writes it, if the results hold predictions.</summary>
    public static void Write(Page page)
    {
        var matrices = page.Strategies.Select(s => (s.Strategy, s.Style, Counts: new ConfusionCounts(page.Results, s.Strategy)))
            .Where(m => !m.Counts.IsEmpty).ToList();
        if (matrices.Count == 0)
        {
            return;
        }

        int classes = page.Results.Data.Classes.Count;
        page.Begin("confusion", "Which classes are confused", Lead(page.Results, classes));
        page.Markup.Open("div", ("class", classes is > 6 and <= MostClassesWithText ? "matrices large" : "matrices"));
        foreach ((StrategyResult strategy, SeriesStyle style, ConfusionCounts counts) in matrices)
        {
            page.Markup.Line().Open("article", ("class", style.Css)).Open("h3");
            page.Key(style);
            page.Markup.Element("bdi", style.Name, ("class", "name")).Close();
            WriteMatrix(page, style, counts);
            WriteWorst(page, counts);
            page.Markup.Close();
        }

        page.Markup.Close();
        page.End();
    }

    private static string Lead(ComparisonResults results, int classes)
    {
        int seeds = results.Strategies.Max(s => s.Runs.Count);
        return "Rows are true classes, columns are predicted classes; a cell is as dark as its share of the row."
            + (seeds > 1 ? $" Counts are over {Figures.Count(seeds, "seed")} together." : "")
            + (classes > MostClassesWithText ? " Classes are in the order of the data card below." : "");
    }

    private static void WriteMatrix(Page page, SeriesStyle style, ConfusionCounts counts)
    {
        if (counts.Classes <= MostClassesWithText)
        {
            WriteTable(page, style, counts);
        }
        else if (counts.Classes <= MostClasses)
        {
            string worst =
                string.Join("; ", counts.Worst(3).Select(m => $"{Name(page, m.Label)} taken for {Name(page, m.Predicted)}: {Figures.Count(m.Count)}"));
            page.Markup.Open("div", ("class", "cells")).Own(ConfusionImage.Draw(counts, $"Confusion matrix of {style.Name}",
                worst == "" ? "No mistakes." : $"Most frequent mistakes: {worst}.")).Close();
        }
        else
        {
            page.Markup.Element("p", $"{Figures.Count(counts.Classes)} classes are too many to draw.", ("class", "note"));
        }
    }

    private static void WriteTable(Page page, SeriesStyle style, ConfusionCounts counts)
    {
        page.BeginScroll($"Confusion matrix of {style.Name}");
        MarkupWriter markup = page.Markup.Open("table", ("class", "matrix"));
        markup.Element("caption", $"Confusion matrix of {style.Name}", ("class", "hidden")).Open("thead").Open("tr")
            .Element("th", "true ↓ predicted →", ("scope", "col"));
        for (int i = 0; i < counts.Classes; i++)
        {
            markup.Open("th", ("scope", "col"), ("title", Name(page, i))).Element("span", Canvas.Short(Name(page, i), 18)).Close();
        }

        markup.Close().Close().Open("tbody");
        for (int label = 0; label < counts.Classes; label++)
        {
            markup.Line().Open("tr").Element("th", Canvas.Short(Name(page, label), 18), ("scope", "row"), ("title", Name(page, label)));
            for (int predicted = 0; predicted < counts.Classes; predicted++)
            {
                double share = counts.Share(label, predicted);
                markup.Element("td", Figures.Count(counts[label, predicted]),
                    ("class", (share > 0.6 ? "deep" : counts[label, predicted] == 0 ? "none" : "") + (label == predicted ? " right" : "")),
                    ("style", string.Create(CultureInfo.InvariantCulture, $"--share:{share:0.###}")));
            }

            markup.Close();
        }

        markup.Close().Close().Close();
    }

    private static void WriteWorst(Page page, ConfusionCounts counts)
    {
        var worst = counts.Worst(WorstShown);
        if (worst.Count == 0)
        {
            page.Markup.Element("p", "No mistakes.", ("class", "note"));
            return;
        }

        page.Markup.Element("p", "Most frequent mistakes", ("class", "label-line")).Open("ol", ("class", "worst"));
        foreach ((int label, int predicted, int count) in worst)
        {
            page.Markup.Open("li").Element("bdi", Name(page, label)).Text(" taken for ").Element("bdi", Name(page, predicted));
            page.Markup.Element("span", $" {Figures.Count(count)} of {Figures.Count(counts.Total(label))}", ("class", "range")).Close();
        }

        page.Markup.Close();
    }

    private static string Name(Page page, int index) => page.Results.Data.Classes[index];
}
