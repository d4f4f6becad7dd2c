using TransferLab.Comparison;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>Accuracy against training time: one point a strategy with its interval, one small point a seed.</summary>
internal static class TimePlot
{
    /// <summary>What the plot shows, in words and figures.</summary>
    public static string Describe(ComparisonResults results) => string.Join("; ", results.Strategies.Select(s =>
        $"{s.Name}: {Figures.PercentWithInterval(s.Accuracy)} per cent after {Figures.Duration(s.TrainSeconds)}"))
            + $". On the Pareto front: {string.Join(", ", Front(results).Select(s => s.Name))}.";

    /// <summary>Strategies that no other beats in accuracy without taking longer, the fastest first.</summary>
    public static IReadOnlyList<StrategyResult> Front(ComparisonResults results)
    {
        List<StrategyResult> front = [];
        foreach (StrategyResult strategy in results.Strategies.OrderBy(s => s.TrainSeconds).ThenByDescending(s => s.Accuracy.Value))
        {
            if (front.Count == 0 || strategy.Accuracy.Value > front[^1].Accuracy.Value)
            {
                front.Add(strategy);
            }
        }

        return front;
    }

    /// <summary>Draws it at a width.</summary>
    public static string Draw(ComparisonResults results, IReadOnlyList<SeriesStyle> styles, double width)
    {
        double height = width > 600 ? 430 : 380;
        Canvas canvas = new(width, height, "Accuracy against training time", Describe(results));
        PlotArea area = new(width, height, 10,
            results.Strategies.SelectMany(s => s.Runs.Select(r => r.Time.Total).Append(s.TrainSeconds)),
            results.Strategies.SelectMany(s => s.Runs.Select(r => r.Accuracy).Concat([s.Accuracy.Value, s.Accuracy.Low, s.Accuracy.High])));
        area.Draw(canvas, "Test accuracy, %", "Training time, logarithmic →");
        LabelPlacer labels = new(area.Inner);
        canvas.Path(Canvas.Polyline(Front(results).Select(s => area.At(s.TrainSeconds, s.Accuracy.Value))), "front");
        // Controls first: what is drawn later lies on top.
        int[] order = [.. Enumerable.Range(0, styles.Count).OrderBy(i => !styles[i].IsControl)];
        foreach (int i in order)
        {
            DrawPoint(canvas, area, labels, results.Strategies[i], styles[i]);
        }

        foreach (int i in Enumerable.Reverse(order))
        {
            DrawLabel(canvas, area, labels, results.Strategies[i], styles[i]);
        }

        return canvas.Finish();
    }

    private static void DrawPoint(Canvas canvas, PlotArea area, LabelPlacer labels, StrategyResult strategy, SeriesStyle style)
    {
        (double x, double y) = area.At(strategy.TrainSeconds, strategy.Accuracy.Value);
        double low = area.At(0, strategy.Accuracy.Low).Y, high = area.At(0, strategy.Accuracy.High).Y;
        canvas.Begin(style.Css);
        canvas.Line(x, low, x, high, "error");
        canvas.Line(x - 4, low, x + 4, low, "error");
        canvas.Line(x - 4, high, x + 4, high, "error");
        if (strategy.Runs.Count > 1)
        {
            foreach (RunResult run in strategy.Runs)
            {
                (double rx, double ry) = area.At(run.Time.Total, run.Accuracy);
                canvas.Path(MarkerShape.Circle.Path(rx, ry, 2.5), "seed",
                    $"{style.Name}, seed {run.Seed}: {Figures.Percent(run.Accuracy)} % after {Figures.Duration(run.Time.Total)}");
            }
        }

        canvas.Path(style.Marker.Path(x, y, style.IsControl ? 5 : 7), "mark",
            $"{style.Name}: {Figures.PercentWithInterval(strategy.Accuracy)} % after {Figures.Duration(strategy.TrainSeconds)}");
        canvas.End();
        labels.Avoid(new Box(x - 8, y - 8, x + 8, y + 8));
        labels.Avoid(new Box(x - 4, high, x + 4, low));
    }

    private static void DrawLabel(Canvas canvas, PlotArea area, LabelPlacer labels, StrategyResult strategy, SeriesStyle style)
    {
        (double x, double y) = area.At(strategy.TrainSeconds, strategy.Accuracy.Value);
        canvas.Begin(style.Css);
        labels.Draw(canvas, Canvas.Short(style.Name), x, y);
        canvas.End();
    }
}
