using TransferLab.Training;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>Accuracy over epochs: solid on validation examples, dashed on training examples.</summary>
internal static class EpochPlot
{
    private const double Height = 360;

    /// <summary>Draws it at a width.</summary>
    public static string Draw(IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> curves, double width)
    {
        double right = 22 + curves.Max(curve => Canvas.TextWidth(Canvas.Short(curve.Name)));
        Box inner = new(34, 30, width - right, Height - 46);
        CurvePoint[] all = [.. curves.SelectMany(curve => curve.Points)];
        Scale x = Scale.Linear(all.Select(point => point.Epoch).Append(0), inner.Left, inner.Right, 0, double.MaxValue, 1);
        Scale y = Scale.Linear(all.SelectMany(Shares).Select(share => 100 * share), inner.Bottom, inner.Top, 0, 100, 4);
        Canvas canvas = new(width, Height, "Accuracy over epochs", string.Join(" ", curves.Select(Describe)));
        Frame(canvas, inner, x, y);
        LabelPlacer labels = new(inner with { Right = width });
        for (int i = 0; i < curves.Count; i++)
        {
            MarkerShape marker = ProjectionPlot.Marker(i);
            canvas.Begin(ProjectionPlot.Css(i));
            Line(canvas, curves[i].Points, point => point.TrainAccuracy, x, y, "line dashed", null);
            Line(canvas, curves[i].Points, point => point.ValidationAccuracy, x, y, "line", marker);
            if (curves[i].Points.LastOrDefault(point => Shares(point).Any()) is { } last)
            {
                labels.Draw(canvas, Canvas.Short(curves[i].Name), x.Map(last.Epoch), y.Map(100 * Shares(last).First()));
            }

            canvas.End();
        }

        return canvas.Finish();
    }

    private static void Frame(Canvas canvas, Box inner, Scale x, Scale y)
    {
        canvas.Text(0, 14, "Accuracy, %", "axis");
        foreach (double tick in y.Ticks(6))
        {
            canvas.Line(inner.Left, y.Map(tick), inner.Right, y.Map(tick), "grid");
            canvas.Text(inner.Left - 7, y.Map(tick) + 4.5, Scale.Label(tick), "tick", "end");
        }

        foreach (double tick in x.Ticks(8).Where(tick => tick == Math.Round(tick)))
        {
            canvas.Text(x.Map(tick), inner.Bottom + 18, Scale.Label(tick), "tick", "middle");
        }

        canvas.Line(inner.Left, inner.Bottom, inner.Right, inner.Bottom, "base");
        canvas.Text(inner.Right, Height - 6, "Epochs (passes over the training examples)", "axis", "end");
    }

    private static void Line(Canvas canvas, IReadOnlyList<CurvePoint> points, Func<CurvePoint, double?> share, Scale x, Scale y, string css,
        MarkerShape? marker)
    {
        (double X, double Y)[] line =
            [.. points.Where(point => share(point) is not null).Select(point => (x.Map(point.Epoch), y.Map(100 * share(point)!.Value)))];
        if (line.Length == 0)
        {
            return;
        }

        canvas.Path(Canvas.Polyline(line), css);
        if (marker is { } shape && line.Length <= 40)
        {
            canvas.Path(string.Concat(line.Select(point => shape.Path(point.X, point.Y, 3.4))), "mark");
        }
    }

    /// <summary>The shares of a point, validation first.</summary>
    private static IEnumerable<double> Shares(CurvePoint point) =>
        new[] { point.ValidationAccuracy, point.TrainAccuracy }.OfType<double>().Where(double.IsFinite);

    private static string Describe((string Name, IReadOnlyList<CurvePoint> Points) curve) => curve.Points.Count == 0
        ? $"{curve.Name} has no curve."
        : $"{curve.Name} ends at {string.Join(" and ", Shares(curve.Points[^1]).Select(Figures.Percent))} per cent.";
}
