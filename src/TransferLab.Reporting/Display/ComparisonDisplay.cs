using TransferLab.Comparison;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Display;

/// <summary>A finished comparison: the verdict, the table and the plot of accuracy against time.</summary>
internal static class ComparisonDisplay
{
    private const double Width = 760;

    /// <summary>As HTML.</summary>
    public static string Html(ComparisonResults results) => Fragment.Of(markup =>
    {
        for (int i = 0; i < results.Verdicts.Count; i++)
        {
            markup.Element("p", results.Verdicts[i], ("class", i == 0 ? "tlab-lead" : ""));
        }

        foreach (string warning in results.Warnings)
        {
            markup.Element("p", $"Mind: {warning}", ("class", "tlab-note"));
        }

        IReadOnlyList<SeriesStyle> styles = SeriesStyle.For(results);
        Fragment.Table(markup, ResultsTable.Columns, ResultsTable.Rows(results).Select(row => ((IEnumerable<string>)ResultsTable.Cells(row), "")));
        markup.Element("p", Facts(results), ("class", "tlab-note"));
        if (results.Strategies.Count > 0)
        {
            markup.Own(TimePlot.Draw(results, styles, Width));
        }
    });

    /// <summary>As text.</summary>
    public static string Text(ComparisonResults results) =>
        string.Join('\n', [ResultsTable.ToText(results), .. results.Verdicts, .. results.Warnings.Select(warning => $"Mind: {warning}"), Facts(results)]);

    private static string Facts(ComparisonResults results) => string.Join(" · ",
        results.Data.Name,
        Figures.Count(results.Data.Classes.Count, "class", "classes"),
        $"{Figures.Count(results.Data.TrainExamples)} training and {Figures.Count(results.Data.TestExamples, "test example")}",
        Figures.Count(results.Strategies.Select(s => s.Runs.Count).DefaultIfEmpty().Max(), "seed"),
        string.Join(", ", (results.Backbones ?? [results.Backbone]).Select(backbone => backbone.Name)));
}
