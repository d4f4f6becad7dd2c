using TransferLab.Comparison;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Answers;

/// <summary>New answers against the seconds of mending: one point for each way that was mended, and how.</summary>
internal static class FreshnessPlot
{
    /// <summary>What it shows: mended ways whose new answers are known.</summary>
    public static IEnumerable<FreshRow> Points(ComparisonResults results) =>
        (results.Freshness?.Rows ?? []).Where(row =>
            row.Mending != Mending.None && row.New is not null && results.Strategies.Any(strategy => strategy.Name == row.Way));

    /// <summary>Draws it at a width.</summary>
    public static string Draw(ComparisonResults results, IReadOnlyList<SeriesStyle> styles, double width)
    {
        FreshRow[] rows = [.. Points(results)];
        double height = width > 600 ? 430 : 380;
        Canvas canvas = new(width, height, "New answers against the seconds of mending", string.Join("; ", rows.Select(Describe)));
        PlotArea area = new(width, height, 10, rows.Select(row => row.Seconds), rows.SelectMany(row => new[] { row.New!.Value, row.New.Low, row.New.High }));
        area.Draw(canvas, "New answers, %", "Seconds until it could be asked, logarithmic →");
        LabelPlacer labels = new(area.Inner);
        foreach (FreshRow row in rows)
        {
            SeriesStyle style = styles.First(style => style.Name == row.Way);
            (double x, double y) = area.At(row.Seconds, row.New!.Value);
            double low = area.At(0, row.New.Low).Y, high = area.At(0, row.New.High).Y;
            canvas.Begin(style.Css);
            canvas.Line(x, low, x, high, "error");
            canvas.Path(style.Marker.Path(x, y, 7), "mark", Describe(row));
            canvas.End();
            labels.Avoid(new Box(x - 8, y - 8, x + 8, y + 8));
        }

        foreach (FreshRow row in rows)
        {
            SeriesStyle style = styles.First(style => style.Name == row.Way);
            (double x, double y) = area.At(row.Seconds, row.New!.Value);
            canvas.Begin(style.Css);
            labels.Draw(canvas, Canvas.Short($"{row.Way}, {MendingWords.Of(row.Mending)}", 40), x, y);
            canvas.End();
        }

        return canvas.Finish();
    }

    private static string Describe(FreshRow row) =>
        $"{row.Way} mended by {MendingWords.Of(row.Mending)}: {Figures.PercentWithInterval(row.New!)} per cent new answers "
            + $"after {Figures.Duration(row.Seconds)}";
}
