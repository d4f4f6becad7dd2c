using TransferLab.Comparison;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>How often a model is right against how sure it is, by bins of equally many test examples; on the diagonal it is as good as its word.</summary>
internal static class ReliabilityPlot
{
    private const double Side = 300;

    /// <summary>What the plot shows, in words and figures.</summary>
    public static string Describe(Calibration calibration) => string.Join("; ", calibration.Bins.Select(b =>
        $"{Figures.Percent(b.Confidence)} per cent sure, {Figures.Percent(b.Accuracy)} per cent right"))
        + $". Expected calibration error {Figures.Percent(calibration.Error)} points.";

    /// <summary>Draws it.</summary>
    /// <param name="calibration">As it is.</param>
    /// <param name="mended">With its temperature, drawn dashed; null without.</param>
    /// <param name="style">The looks of the strategy.</param>
    public static string Draw(Calibration calibration, Calibration? mended, SeriesStyle style)
    {
        Canvas canvas = new(Side + 12, Side + 20, $"Reliability of {style.Name}", Describe(calibration));
        Box inner = new(34, 26, Side, Side - 22);
        Frame frame = new(inner, Scale.Linear([0, 100], inner.Left, inner.Right, 0, 100, 100), Scale.Linear([0, 100], inner.Bottom, inner.Top, 0, 100, 100));
        frame.Draw(canvas, "Right, %", "Said, % →");
        canvas.Line(inner.Left, inner.Bottom, inner.Right, inner.Top, "leader");
        canvas.Begin(style.Css);
        if (mended is not null)
        {
            canvas.Path(Line(frame, mended), "line dashed");
        }

        canvas.Path(Line(frame, calibration), "line");
        foreach (CalibrationBin bin in calibration.Bins)
        {
            (double x, double y) = frame.At(bin.Confidence * 100, bin.Accuracy * 100);
            canvas.Path(style.Marker.Path(x, y, 4), "mark",
                $"{Figures.Percent(bin.Confidence)} % sure, {Figures.Percent(bin.Accuracy)} % right ({Figures.Count(bin.Count)} predictions)");
        }

        canvas.End();
        return canvas.Finish();
    }

    private static string Line(Frame frame, Calibration calibration) =>
        Canvas.Polyline(calibration.Bins.Select(b => frame.At(b.Confidence * 100, b.Accuracy * 100)));
}
