using System.Globalization;
using System.Text;
using TransferLab.Comparison;
using TransferLab.Reporting.Display;
using TransferLab.Reporting.Plots;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Reporting;

/// <summary>How training went, epoch by epoch: accuracy on training and on validation examples, loss and time, of one run or of several side by side.</summary>
/// <param name="curves">A name and the points of each run.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class LearningCurves(params IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> curves) : IDisplayed
{
    private const double Width = 760;
    private static readonly string[] s_columns = ["epoch", "train loss", "train accuracy", "validation loss", "validation accuracy", "seconds"];

    /// <summary>The first run of each strategy that has a curve.</summary>
    public static LearningCurves Of(ComparisonResults results) =>
        new([.. results.Strategies.Where(s => s.Runs.Count > 0 && s.Runs[0].Curve.Count > 0).Select(s => (s.Name, s.Runs[0].Curve))]);

    /// <summary>The runs.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> Curves { get; } = curves;

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach ((string name, IReadOnlyList<CurvePoint> points) in Curves)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(name).Append('\n');
            text.AppendJoin("  ", s_columns.Select(column => column.PadLeft(8))).Append('\n');
            foreach (CurvePoint point in points)
            {
                text.AppendJoin("  ", Cells(point).Select((cell, i) => cell.PadLeft(Math.Max(8, s_columns[i].Length)))).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    string IDisplayed.Html() => Fragment.Of(markup =>
    {
        if (Curves.Any(curve => curve.Points.Count > 0))
        {
            markup.Own(EpochPlot.Draw(Curves, Width));
            markup.Element("p",
                "Solid: accuracy on validation examples, held out from training. Dashed: accuracy on the training examples while they are trained on.",
                ("class", "tlab-note"));
        }

        foreach ((string name, IReadOnlyList<CurvePoint> points) in Curves)
        {
            markup.Open("details").Element("summary", Summary(name, points));
            Fragment.Table(markup, s_columns, points.Select(point => ((IEnumerable<string>)Cells(point), "")));
            markup.Close();
        }
    });

    string IDisplayed.Text() => ToString();

    /// <summary>Where the run ended: the rows can be many, and unfold.</summary>
    private static string Summary(string name, IReadOnlyList<CurvePoint> points)
    {
        if (points.Count == 0)
        {
            return name;
        }

        (string what, double? accuracy) = points[^1].ValidationAccuracy is { } validation ? ("validation", validation) : ("train", points[^1].TrainAccuracy);
        return $"{name}: {Figures.Count(points.Count, "point")}{(accuracy is { } end ? $", {what} accuracy {Figures.Percent(end)} % at the end" : "")}, "
            + $"{Figures.Duration(points[^1].Seconds)}";
    }

    private static string[] Cells(CurvePoint point) =>
    [
        point.Epoch.ToString("0.#", CultureInfo.InvariantCulture), Number(point.TrainLoss, Figures.Score), Number(point.TrainAccuracy, Figures.Percent),
        Number(point.ValidationLoss, Figures.Score), Number(point.ValidationAccuracy, Figures.Percent),
            point.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
    ];

    private static string Number(double? value, Func<double, string> format) => value is { } given ? format(given) : "-";
}
