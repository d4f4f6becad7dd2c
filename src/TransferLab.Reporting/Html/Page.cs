using TransferLab.Comparison;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Html;

/// <summary>The page while it is written: the results, the looks of the strategies, and the blocks that sections are made of.</summary>
internal sealed class Page(ComparisonResults results)
{
    private const double WideWidth = 960;
    private const double NarrowWidth = 400;

    /// <summary>The results it shows.</summary>
    public ComparisonResults Results { get; } = results;

    /// <summary>The looks of the strategies, in their order.</summary>
    public IReadOnlyList<SeriesStyle> Styles { get; } = SeriesStyle.For(results);

    /// <summary>The markup.</summary>
    public MarkupWriter Markup { get; } = new();

    /// <summary>Each strategy with its looks.</summary>
    public IEnumerable<(StrategyResult Strategy, SeriesStyle Style)> Strategies => Results.Strategies.Zip(Styles);

    /// <summary>Whether settings of any run were chosen by trials, whose time counts.</summary>
    public bool IsTuned { get; } = results.Strategies.Any(s => s.Runs.Any(run => run.Time.Tuning > 0));

    /// <summary>Begins a section with its heading; <see cref="End"/> ends it.</summary>
    public void Begin(string id, string heading, string? lead = null)
    {
        Markup.Line().Open("section", ("id", id), ("aria-labelledby", $"{id}-h")).Element("h2", heading, ("id", $"{id}-h"));
        if (lead is not null)
        {
            Markup.Element("p", lead, ("class", "note"));
        }
    }

    /// <summary>Ends the section.</summary>
    public void End() => Markup.Close();

    /// <summary>A plot, drawn for wide and for narrow columns; the style sheet shows one of the two.</summary>
    public void Plot(string caption, Func<double, string> draw)
    {
        Markup.Line().Open("figure");
        Markup.Open("div", ("class", "wide")).Own(draw(WideWidth)).Close();
        Markup.Open("div", ("class", "narrow")).Own(draw(NarrowWidth)).Close();
        Markup.Element("figcaption", caption).Close();
    }

    /// <summary>Begins a box that scrolls sideways by itself, so that the page never does.</summary>
    public void BeginScroll(string label) =>
        Markup.Open("div", ("class", "scroll"), ("role", "region"), ("aria-label", label), ("tabindex", "0"));

    /// <summary>A table whose first column names the row; columns that end with <c>#</c> hold numbers, with <c>~</c> long text.</summary>
    public void Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Markup.Line();
        BeginScroll(caption);
        Markup.Open("table").Element("caption", caption).Open("thead").Open("tr");
        foreach (string column in columns)
        {
            Markup.Element("th", column.TrimEnd('#', '~'), ("scope", "col"), ("class", Css(column)));
        }

        Markup.Close().Close().Open("tbody");
        foreach (IReadOnlyList<string> row in rows)
        {
            Markup.Line().Open("tr").Element("th", row[0], ("scope", "row"));
            for (int i = 1; i < row.Count; i++)
            {
                Markup.Element("td", row[i], ("class", Css(columns[i])));
            }

            Markup.Close();
        }

        Markup.Close().Close().Close();
    }

    /// <summary>The marker of a strategy, as it is in the plots.</summary>
    public void Key(SeriesStyle style)
    {
        Markup.Open("svg", ("class", $"key {style.Css}"), ("viewBox", "0 0 16 16"), ("aria-hidden", "true"));
        Markup.Empty("path", ("d", style.Marker.Path(8, 8, 5.5)), ("class", "mark")).Close();
    }

    private static string Css(string column) => column.EndsWith('#') ? "n" : column.EndsWith('~') ? "long" : "";
}
