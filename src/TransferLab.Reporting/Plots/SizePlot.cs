using System.Globalization;
using TransferLab.Comparison;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>Accuracy over the number of training examples: one line with its band a strategy, and where full fine-tuning overtakes freezing.</summary>
internal static class SizePlot
{
    /// <summary>The curves of strategies that the results hold.</summary>
    public static IEnumerable<LearningCurve> Shown(ComparisonResults results) =>
        (results.LearningCurves ?? []).Where(curve => curve.Points.Count > 0 && results.Strategies.Any(strategy => strategy.Name == curve.Strategy));

    /// <summary>What the plot shows, in words and figures.</summary>
    public static string Describe(ComparisonResults results) => string.Join(" ", Shown(results).Select(curve => $"{curve.Strategy}: "
        + string.Join(", ", curve.Points.Select(p => $"{Figures.Percent(p.Accuracy.Value)} per cent at {Figures.Count(p.PerClass)}")) + ".")
        .Concat(results.Crossings?.Select(crossing => crossing.Sentence) ?? []));

    /// <summary>Draws it at a width.</summary>
    public static string Draw(ComparisonResults results, IReadOnlyList<SeriesStyle> styles, double width)
    {
        LearningCurve[] curves = [.. Shown(results)];
        double height = width > 600 ? 430 : 380, right = 22 + curves.Max(c => Canvas.TextWidth(Canvas.Short(c.Strategy, 18)));
        Canvas canvas = new(width, height, results.Questions is null
            ? "Accuracy over the number of training examples"
            : "Quality over the number of training questions", Describe(results));
        Box inner = new(34, 30, width - right, height - 46);
        Frame frame = new(inner,
            Scale.Log(curves[0].Points.Select(p => (double)p.PerClass), inner.Left + 6, inner.Right - 6, 1, 1.1),
            Scale.Linear(curves.SelectMany(c => c.Points).SelectMany(p => new[] { p.Accuracy.Low * 100, p.Accuracy.High * 100 }), inner.Bottom, inner.Top, 0,
                100, 4));
        frame.Draw(canvas, results.Questions is null ? "Test accuracy, %" : $"{results.Metrics[0].Name}, %",
            results.Questions is null ? "Training examples a class, logarithmic →" : "Training questions, logarithmic →",
            [.. curves[0].Points.Select(p => ((double)p.PerClass, p.PerClass.ToString("N0", CultureInfo.InvariantCulture)))]);
        (LearningCurve Curve, SeriesStyle Style)[] all = [.. curves.Select(c => (c, styles.First(s => s.Name == c.Strategy))).OrderBy(c => !c.Item2.IsControl)];
        foreach ((LearningCurve curve, SeriesStyle style) in all)
        {
            DrawBand(canvas, frame, curve, style);
        }

        DrawCrossing(canvas, frame, Crossing(results));
        LabelPlacer labels = new(inner with { Right = width });
        foreach ((LearningCurve curve, SeriesStyle style) in all)
        {
            DrawLine(canvas, frame, labels, curve, style, results.Questions is null ? "a class" : "training questions");
        }

        foreach ((LearningCurve curve, SeriesStyle style) in Enumerable.Reverse(all))
        {
            (double x, double y) = frame.At(curve.Points[^1].PerClass, curve.Points[^1].Accuracy.Value * 100);
            canvas.Begin(style.Css);
            labels.Draw(canvas, Canvas.Short(style.Name, 18), x, y);
            canvas.End();
        }

        return canvas.Finish();
    }

    private static void DrawBand(Canvas canvas, Frame frame, LearningCurve curve, SeriesStyle style)
    {
        IEnumerable<(double X, double Y)> edge = curve.Points.Select(p => frame.At(p.PerClass, p.Accuracy.High * 100))
            .Concat(curve.Points.Reverse().Select(p => frame.At(p.PerClass, p.Accuracy.Low * 100)));
        canvas.Begin(style.Css);
        canvas.Path(Canvas.Polyline(edge) + "z", "band");
        canvas.End();
    }

    private static void DrawLine(Canvas canvas, Frame frame, LabelPlacer labels, LearningCurve curve, SeriesStyle style, string counted)
    {
        canvas.Begin(style.Css);
        canvas.Path(Canvas.Polyline(curve.Points.Select(p => frame.At(p.PerClass, p.Accuracy.Value * 100))), "line");
        foreach (LearningCurvePoint point in curve.Points)
        {
            foreach (double seed in point.Accuracies.Count > 1 ? point.Accuracies : [])
            {
                (double sx, double sy) = frame.At(point.PerClass, seed * 100);
                canvas.Path(MarkerShape.Circle.Path(sx, sy, 2.2), "seed");
            }

            (double x, double y) = frame.At(point.PerClass, point.Accuracy.Value * 100);
            labels.Avoid(new Box(x - 5, y - 5, x + 5, y + 5));
            canvas.Path(style.Marker.Path(x, y, style.IsControl ? 4 : 5.5), "mark",
                $"{style.Name}, {Figures.Count(point.PerClass)} {counted}: {Figures.PercentWithInterval(point.Accuracy)} %");
        }

        canvas.End();
    }

    /// <summary>Where fine-tuning everything overtakes freezing between the sizes; null where it does not.</summary>
    public static Crossing? Crossing(ComparisonResults results) => results.Crossings?.FirstOrDefault(crossing => crossing.PerClass is not null
        && results.Strategies.Any(row => row.Name == crossing.Second && row.End == SpectrumEnd.FineTuned));

    private static void DrawCrossing(Canvas canvas, Frame frame, Crossing? crossing)
    {
        if (crossing?.PerClass is not { } at)
        {
            return;
        }

        double x = frame.X.Map(at), low = crossing.Low is { } l
            ? frame.X.Map(l)
            : frame.Inner.Left, high = crossing.High is { } h
            ? frame.X.Map(h)
            : frame.Inner.Right;
        double y = frame.Inner.Bottom - 8;
        canvas.Line(x, frame.Inner.Top, x, frame.Inner.Bottom, "leader dashed");
        canvas.Line(low, y, high, y, "base");
        canvas.Path(MarkerShape.Diamond.Path(x, y, 4), "crossing", crossing.Sentence);
    }
}
