using TransferLab.Reporting.Html;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>One inline SVG that scales with its column; colours come from the page's style sheet, so that it follows light and dark.</summary>
internal sealed class Canvas
{
    private readonly MarkupWriter _svg = new();

    /// <summary>Begins the picture with the text that stands for it.</summary>
    public Canvas(double width, double height, string title, string description)
    {
        (Width, Height) = (width, height);
        _svg.Open("svg", ("viewBox", $"0 0 {Px(width)} {Px(height)}"), ("role", "img"), ("class", "plot"));
        _svg.Element("title", title).Element("desc", description);
    }

    /// <summary>Width in user units, about CSS pixels.</summary>
    public double Width { get; }

    /// <summary>Height in user units.</summary>
    public double Height { get; }

    /// <summary>About the width of a text at the plots' font size.</summary>
    public static double TextWidth(string text) => text.Sum(c => c >= 0x1100 ? 13 : c is >= 'A' and <= 'Z' or 'm' or 'w' ? 9.5 : 7.2);

    /// <summary>A name that fits into a plot.</summary>
    public static string Short(string name, int length = 24) =>
        name.Length <= length ? name : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[length - 2]) ? length - 2 : length - 1), "…");

    /// <summary>The path of straight lines from point to point.</summary>
    public static string Polyline(IEnumerable<(double X, double Y)> points) => "M" + string.Join('L', points.Select(point => $"{Px(point.X)} {Px(point.Y)}"));

    /// <summary>Opens a group of a series' colour.</summary>
    public void Begin(string css) => _svg.Open("g", ("class", css));

    /// <summary>Ends the group.</summary>
    public void End() => _svg.Close();

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string css) =>
        Path($"M{Px(x1)} {Px(y1)}L{Px(x2)} {Px(y2)}", css);

    /// <summary>Text whose baseline is at <paramref name="y"/>.</summary>
    public void Text(double x, double y, string text, string css = "", string anchor = "start") =>
        _svg.Element("text", text, ("x", Px(x)), ("y", Px(y)), ("class", css), ("text-anchor", anchor));

    /// <summary>A path, with the text that appears over it.</summary>
    public void Path(string d, string css, string? hint = null)
    {
        if (hint is null)
        {
            _svg.Empty("path", ("d", d), ("class", css));
            return;
        }

        _svg.Open("path", ("d", d), ("class", css)).Element("title", hint).Close();
    }

    /// <summary>The finished picture.</summary>
    public string Finish() => _svg.Close().ToString();
}
