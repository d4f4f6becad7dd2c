using System.Text;
using TransferLab.Reporting.Display;
using TransferLab.Reporting.Plots;
using TransferLab.Runtime;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting;

/// <summary>Points in two dimensions, coloured by class: features after they were laid flat.</summary>
/// <param name="title">What is drawn.</param>
/// <param name="points">One point an example.</param>
/// <param name="labels">Class index of each.</param>
/// <param name="classes">Class names in label order.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class FeatureMap(string title, IReadOnlyList<(double X, double Y)> points, IReadOnlyList<int> labels, IReadOnlyList<string> classes) : IDisplayed
{
    private const double Width = 560, Height = 420, Margin = 12;
    private const int Columns = 72, Rows = 26, Colours = 8;
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>The map in letters, one for each class, with the classes below.</summary>
    public override string ToString()
    {
        char[][] grid = [.. Enumerable.Range(0, Rows).Select(_ => new string(' ', Columns).ToCharArray())];
        for (int i = 0; i < points.Count; i++)
        {
            (double x, double y) = Place(points[i], Columns - 1, Rows - 1);
            grid[(int)Math.Round(y)][(int)Math.Round(x)] = Letter(labels[i]);
        }

        StringBuilder text = new($"{Figures.Name(title)}\n");
        text.AppendJoin('\n', grid.Select(row => new string(row).TrimEnd())).Append('\n');
        return text.AppendJoin("  ", classes.Select((name, label) => $"{Letter(label)} {Figures.Name(name)}")).ToString();
    }

    string IDisplayed.Html() => Fragment.Of(markup =>
    {
        markup.Element("p", title, ("class", "tlab-lead"));
        Canvas canvas = new(Width, Height, title, $"{points.Count} points of {classes.Count} classes.");
        for (int i = 0; i < points.Count; i++)
        {
            (double x, double y) = Place(points[i], Width - (2 * Margin), Height - (2 * Margin));
            canvas.Begin($"s{labels[i] % Colours}");
            canvas.Path(Shape(labels[i]).Path(x + Margin, y + Margin, 4), Css(labels[i]), classes[labels[i]]);
            canvas.End();
        }

        markup.Own(canvas.Finish()).Open("p", ("class", "tlab-note"));
        for (int label = 0; label < classes.Count; label++)
        {
            markup.Open("span", ("style", "white-space:nowrap;margin-right:14px"));
            markup.Open("svg", ("class", $"s{label % Colours}"), ("viewBox", "0 0 16 16"), ("width", "13"), ("height", "13"), ("style", "vertical-align:-2px"));
            markup.Empty("path", ("d", Shape(label).Path(8, 8, 5.5)), ("class", Css(label))).Close();
            markup.Text($" {classes[label]}").Close().Text(" ");
        }

        markup.Close();
    });

    string IDisplayed.Text() => ToString();

    /// <summary>Where a point lies in a picture of that size, the y axis upwards.</summary>
    private (double X, double Y) Place((double X, double Y) point, double width, double height)
    {
        (double left, double right) = (points.Min(p => p.X), points.Max(p => p.X));
        (double bottom, double top) = (points.Min(p => p.Y), points.Max(p => p.Y));
        return ((point.X - left) / Math.Max(1e-12, right - left) * width, (top - point.Y) / Math.Max(1e-12, top - bottom) * height);
    }

    private static MarkerShape Shape(int label) => (MarkerShape)(label % Enum.GetValues<MarkerShape>().Length);

    private static string Css(int label) => label / Colours % 2 == 0 ? "mark" : "hollow";

    private static char Letter(int label) => Letters[label % Letters.Length];
}
