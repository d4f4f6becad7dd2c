using TransferLab.Comparison;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>
/// Accuracy over the seconds of training, one line a run: solid on validation examples; dashed on training examples where none are held out.
/// </summary>
internal static class CurvePlot
{
    private const int MostPoints = 150;

    private sealed record Series(SeriesStyle Style, IReadOnlyList<IReadOnlyList<(double Seconds, double Share)>> Lines, bool IsValidation);

    /// <summary>Whether any strategy has a curve.</summary>
    public static bool HasAny(ComparisonResults results) => results.Strategies.Any(s => Points(s) is { Lines.Count: > 0 });

    /// <summary>What cannot be seen in the plot: dashed lines and strategies that have none.</summary>
    public static string Notes(ComparisonResults results)
    {
        string dashed = Names(results, s => Points(s) is { Lines.Count: > 0, IsValidation: false });
        string without = Names(results, s => Points(s).Lines.Count == 0);
        return (dashed == "" ? "" : $" Dashed: training accuracy, because no validation examples were held out ({dashed}).")
            + (without == "" ? "" : $" Without a curve: {without}.");
    }

    /// <summary>What the plot shows, in words and figures.</summary>
    public static string Describe(ComparisonResults results) => string.Join(" ", results.Strategies.Select(s => (s.Name, Points(s)))
        .Where(s => s.Item2.Lines.Count > 0)
        .Select(s =>
        {
            (double seconds, double share) = s.Item2.Lines[0][^1];
            string kind = s.Item2.IsValidation ? "validation" : "training";
            return $"{s.Name} ends at {Figures.Percent(share)} per cent {kind} accuracy after {Figures.Duration(seconds)}.";
        }));

    /// <summary>Draws it at a width.</summary>
    public static string Draw(ComparisonResults results, IReadOnlyList<SeriesStyle> styles, double width)
    {
        Series[] series = [.. results.Strategies.Select((s, i) => new Series(styles[i], Points(s).Lines, Points(s).IsValidation))
            .Where(s => s.Lines.Count > 0).OrderBy(s => !s.Style.IsControl)];
        double height = width > 600 ? 430 : 380;
        double right = 22 + series.Max(s => Canvas.TextWidth(Canvas.Short(s.Style.Name, 18)));
        Canvas canvas = new(width, height, "Accuracy over the seconds of training", Describe(results));
        (double Seconds, double Share)[] all = [.. series.SelectMany(s => s.Lines).SelectMany(line => line)];
        PlotArea area = new(width, height, right, all.Select(p => p.Seconds), all.Select(p => p.Share));
        area.Draw(canvas, "Accuracy, %", "Seconds since the run began, logarithmic →");
        LabelPlacer labels = new(area.Inner with { Right = width });
        foreach (Series one in series)
        {
            DrawLines(canvas, area, labels, one);
        }

        foreach (Series one in Enumerable.Reverse(series))
        {
            (double x, double y) = area.At(one.Lines[0][^1].Seconds, one.Lines[0][^1].Share);
            canvas.Begin(one.Style.Css);
            labels.Draw(canvas, Canvas.Short(one.Style.Name, 18), x, y);
            canvas.End();
        }

        return canvas.Finish();
    }

    private static void DrawLines(Canvas canvas, PlotArea area, LabelPlacer labels, Series series)
    {
        string dash = series.IsValidation ? "" : " dashed";
        canvas.Begin(series.Style.Css);
        foreach (var line in series.Lines.Skip(1))
        {
            canvas.Path(Canvas.Polyline(line.Select(p => area.At(p.Seconds, p.Share))), "line faint" + dash);
        }

        var first = series.Lines[0];
        canvas.Path(Canvas.Polyline(first.Select(p => area.At(p.Seconds, p.Share))), "line" + dash, series.Style.Name);
        double size = first.Count > 40 ? 0 : series.Style.IsControl ? 2.6 : 3.4;
        foreach ((double seconds, double share) in first)
        {
            (double x, double y) = area.At(seconds, share);
            labels.Avoid(new Box(x - 3, y - 3, x + 3, y + 3));
            if (size > 0 && seconds < first[^1].Seconds)
            {
                canvas.Path(series.Style.Marker.Path(x, y, size), "mark", Hint(series, seconds, share));
            }
        }

        (double endX, double endY) = area.At(first[^1].Seconds, first[^1].Share);
        canvas.Path(series.Style.Marker.Path(endX, endY, series.Style.IsControl ? 4.5 : 5.5), "mark", Hint(series, first[^1].Seconds, first[^1].Share));
        canvas.End();
    }

    private static string Hint(Series series, double seconds, double share) =>
        $"{series.Style.Name}: {Figures.Percent(share)} % after {Figures.Duration(seconds)}";

    private static (IReadOnlyList<IReadOnlyList<(double Seconds, double Share)>> Lines, bool IsValidation) Points(StrategyResult strategy)
    {
        bool isValidation = strategy.Runs.Any(r => r.Curve.Any(p => p.ValidationAccuracy.HasValue));
        return ([.. strategy.Runs.Select(r => Line(r, isValidation)).Where(line => line.Count > 0)], isValidation);
    }

    private static List<(double Seconds, double Share)> Line(RunResult run, bool isValidation)
    {
        List<(double, double)> points = [.. run.Curve
            .Select(p => (p.Seconds, Share: isValidation ? p.ValidationAccuracy : p.TrainAccuracy))
            .Where(p => p.Share is double share && double.IsFinite(share))
            .Select(p => (p.Seconds, p.Share!.Value))];
        int every = (points.Count + MostPoints - 1) / MostPoints;
        return every <= 1 ? points : [.. points.Where((_, i) => i % every == 0 || i == points.Count - 1)];
    }

    private static string Names(ComparisonResults results, Func<StrategyResult, bool> which) =>
        string.Join(", ", results.Strategies.Where(which).Select(s => s.Name));
}
