using TransferLab.Comparison;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Answers;

/// <summary>Quality against the seconds of an answer: one point a way with its interval.</summary>
internal static class AnswerPlot
{
    /// <summary>Draws it at a width.</summary>
    public static string Draw(ComparisonResults results, IReadOnlyList<SeriesStyle> styles, double width)
    {
        double height = width > 600 ? 430 : 380;
        string described =
            string.Join("; ",
                results.Strategies.Select(row =>
                    $"{row.Name}: {Figures.PercentWithInterval(row.Accuracy)} per cent, {Figures.Duration(Seconds(row))} an answer"));
        Canvas canvas = new(width, height, "Quality against the seconds of an answer", described);
        PlotArea area = new(width, height, 10, results.Strategies.Select(Seconds),
            results.Strategies.SelectMany(row => new[] { row.Accuracy.Value, row.Accuracy.Low, row.Accuracy.High }));
        area.Draw(canvas, $"{results.Metrics[0].Name}, %", "Seconds an answer, logarithmic →");
        LabelPlacer labels = new(area.Inner);
        int[] order = [.. Enumerable.Range(0, styles.Count).OrderBy(i => !styles[i].IsControl)];
        foreach (int i in order)
        {
            StrategyResult row = results.Strategies[i];
            (double x, double y) = area.At(Seconds(row), row.Accuracy.Value);
            double low = area.At(0, row.Accuracy.Low).Y, high = area.At(0, row.Accuracy.High).Y;
            canvas.Begin(styles[i].Css);
            canvas.Line(x, low, x, high, "error");
            canvas.Path(styles[i].Marker.Path(x, y, styles[i].IsControl ? 5 : 7), "mark",
                $"{row.Name}: {Figures.PercentWithInterval(row.Accuracy)} %, {Figures.Duration(Seconds(row))} an answer");
            canvas.End();
            labels.Avoid(new Box(x - 8, y - 8, x + 8, y + 8));
            labels.Avoid(new Box(x - 4, high, x + 4, low));
        }

        foreach (int i in Enumerable.Reverse(order))
        {
            (double x, double y) = area.At(Seconds(results.Strategies[i]), results.Strategies[i].Accuracy.Value);
            canvas.Begin(styles[i].Css);
            labels.Draw(canvas, Canvas.Short(styles[i].Name), x, y);
            canvas.End();
        }

        return canvas.Finish();
    }

    private static double Seconds(StrategyResult row) => row.Cost?.Seconds ?? row.LatencyMilliseconds / 1000;
}
