using TransferLab.Comparison;

namespace TransferLab.Reporting.Plots;

/// <summary>Differences between strategies with their intervals, one line a pair, around zero.</summary>
internal static class ForestPlot
{
    private const double Top = 34;

    /// <summary>What the plot shows, in words and figures.</summary>
    public static string Describe(ComparisonResults results) => string.Join("; ", results.Pairs.Select(p =>
        $"{p.Second} minus {p.First}: {Figures.PointsWithInterval(p.Difference)} points")) + ".";

    /// <summary>Draws it at a width; narrow ones have the names above the lines.</summary>
    public static string Draw(ComparisonResults results, IReadOnlyList<SeriesStyle> styles, double width)
    {
        bool wide = width > 600;
        double row = wide ? 32 : 52;
        double left = wide ? 16 + results.Pairs.Max(p => Canvas.TextWidth(Label(p))) : 8;
        double right = wide ? width - 190 : width - 8;
        double bottom = Top + row * results.Pairs.Count;
        Canvas canvas = new(width, bottom + 44, "Differences in accuracy between strategies", Describe(results));
        Scale scale = Scale.Linear(results.Pairs.SelectMany(p => new[] { p.Difference.Low * 100, p.Difference.High * 100, 0 }), left, right, -100, 100, 2);
        foreach (double tick in scale.Ticks(wide ? 8 : 5))
        {
            double x = scale.Map(tick);
            DrawGrid(canvas, x, Math.Abs(tick) < 1e-9 ? "zero" : "grid", results.Pairs.Count, row, wide);
            canvas.Text(x, bottom + 18, (tick > 1e-9 ? "+" : "") + Scale.Label(tick), "tick", "middle");
        }

        DrawSides(canvas, scale.Map(0));
        canvas.Text(right, bottom + 38, "Difference in accuracy, percentage points", "axis", "end");
        for (int i = 0; i < results.Pairs.Count; i++)
        {
            DrawPair(canvas, scale, results.Pairs[i], styles, Top + row * (i + (wide ? 0.5 : 0.72)), wide);
        }

        return canvas.Finish();
    }

    // Where names and figures stand above the intervals, lines keep out of the text.
    private static void DrawGrid(Canvas canvas, double x, string css, int rows, double row, bool wide)
    {
        if (wide)
        {
            canvas.Line(x, Top, x, Top + row * rows, css);
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            canvas.Line(x, Top + row * (i + 0.55), x, Top + row * (i + 0.89), css);
        }
    }

    private static void DrawSides(Canvas canvas, double zero)
    {
        const string first = "← first is better", second = "second is better →";
        double room = Canvas.TextWidth(second) + 8;
        // Near an end of the axis both sides share one line of text, held inside the picture.
        double middle = Math.Clamp(zero, room, canvas.Width - room);
        canvas.Text(middle - 8, 16, first, "axis", "end");
        canvas.Text(middle + 8, 16, second, "axis");
    }

    private static void DrawPair(Canvas canvas, Scale scale, PairResult pair, IReadOnlyList<SeriesStyle> styles, double y, bool wide)
    {
        double textY = wide ? y + 4.5 : y - 14;
        canvas.Text(0, textY, Label(pair), "label");
        canvas.Text(canvas.Width, textY, Figures.PointsWithInterval(pair.Difference), "value", "end");
        bool decided = pair.Shows;
        string winner = pair.Difference.Value > 0 ? pair.Second : pair.First;
        SeriesStyle? style = decided ? styles.FirstOrDefault(s => s.Name == winner) : null;
        double x = scale.Map(pair.Difference.Value * 100), low = scale.Map(pair.Difference.Low * 100), high = scale.Map(pair.Difference.High * 100);
        canvas.Begin(style?.Css ?? "quiet");
        canvas.Line(low, y, high, y, "interval");
        canvas.Line(low, y - 4, low, y + 4, "error");
        canvas.Line(high, y - 4, high, y + 4, "error");
        canvas.Path((style?.Marker ?? MarkerShape.Circle).Path(x, y, 6), style is null ? "hollow" : "mark", pair.Sentence);
        canvas.End();
    }

    private static string Label(PairResult pair) => $"{Canvas.Short(pair.First, 16)} → {Canvas.Short(pair.Second, 16)}";
}
