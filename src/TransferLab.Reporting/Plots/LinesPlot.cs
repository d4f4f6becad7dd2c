using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>One line a strategy over a few named places: layer groups, or severities.</summary>
internal static class LinesPlot
{
    /// <summary>One line.</summary>
    /// <param name="Style">The looks of the strategy.</param>
    /// <param name="Values">One value a place; NaN where nothing was measured.</param>
    public sealed record Series(SeriesStyle Style, IReadOnlyList<double> Values);

    /// <summary>Draws it.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="title">Its name.</param>
    /// <param name="places">Names along the axis across.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="yTitle">What is measured.</param>
    /// <param name="xTitle">What the places are.</param>
    /// <param name="limits">Lowest and highest value that can be.</param>
    /// <param name="format">A value in words.</param>
    public static string Draw(
        double width, double height, string title, IReadOnlyList<string> places, IReadOnlyList<Series> lines, string yTitle, string xTitle,
            (double Low, double High, double LeastSpan) limits, Func<double, string> format)
    {
        string description =
            string.Join("; ", lines.Select(line => $"{line.Style.Name}: "
                + string.Join(", ", Points(line).Select(point => $"{places[point.Place]} {format(point.Value)}")))) + ".";
        Canvas canvas = new(width, height, title, description);
        double right = 16 + lines.Max(line => Canvas.TextWidth(Canvas.Short(line.Style.Name, 14)));
        Box inner = new(40, 30, width - right, height - 46);
        Frame frame = new(inner, Scale.Linear([0, places.Count - 1], inner.Left + 8, inner.Right - 8, 0, Math.Max(1, places.Count - 1), 1),
            Scale.Linear(lines.SelectMany(line => line.Values), inner.Bottom, inner.Top, limits.Low, limits.High, limits.LeastSpan));
        double room = (inner.Right - inner.Left) / Math.Max(1, places.Count - 1);
        int every = Math.Max(1, (int)Math.Ceiling(places.Max(Canvas.TextWidth) / room));
        frame.Draw(canvas, yTitle, xTitle, [.. places.Select((place, i) => ((double)i, i % every == 0 ? place : ""))]);
        LabelPlacer labels = new(inner with { Right = width });
        foreach (Series line in lines.Where(line => Points(line).Length > 0).OrderBy(line => !line.Style.IsControl))
        {
            (int Place, double Value)[] points = Points(line);
            canvas.Begin(line.Style.Css);
            canvas.Path(Canvas.Polyline(points.Select(point => frame.At(point.Place, point.Value))), "line");
            foreach ((int place, double value) in points)
            {
                (double x, double y) = frame.At(place, value);
                canvas.Path(line.Style.Marker.Path(x, y, line.Style.IsControl ? 3 : 4), "mark", $"{line.Style.Name}, {places[place]}: {format(value)}");
            }

            (double endX, double endY) = frame.At(points[^1].Place, points[^1].Value);
            labels.Draw(canvas, Canvas.Short(line.Style.Name, 14), endX, endY);
            canvas.End();
        }

        return canvas.Finish();
    }

    private static (int Place, double Value)[] Points(Series line) =>
        [.. line.Values.Select((value, place) => (place, value)).Where(point => !double.IsNaN(point.value))];
}
