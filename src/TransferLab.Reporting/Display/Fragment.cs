using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Display;

/// <summary>
/// HTML for the output of a notebook's cell: a box that carries its styles along, all of them under one class, so that they touch nothing else of the page.
/// Colours of text and ground are the notebook's own.
/// </summary>
internal static class Fragment
{
    private static readonly Lazy<string> s_style = new(() =>
    {
        using Stream stream = typeof(Fragment).Assembly.GetManifestResourceStream("fragment.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    });

    /// <summary>Makes it.</summary>
    public static string Of(Action<MarkupWriter> write)
    {
        MarkupWriter markup = new();
        markup.Open("div", ("class", "tlab")).Open("style").Own(s_style.Value).Close();
        write(markup);
        return markup.Close().ToString();
    }

    /// <summary>A table in a box that scrolls by itself. The first column names the row, the others are numbers.</summary>
    public static void Table(MarkupWriter markup, IEnumerable<string> columns, IEnumerable<(IEnumerable<string> Cells, string Css)> rows)
    {
        markup.Open("div", ("class", "tlab-scroll")).Open("table").Open("thead").Open("tr");
        foreach (string column in columns)
        {
            markup.Element("th", column);
        }

        markup.Close().Close().Open("tbody");
        foreach ((IEnumerable<string> cells, string css) in rows)
        {
            markup.Open("tr", ("class", css));
            foreach (string cell in cells)
            {
                markup.Element("td", cell);
            }

            markup.Close();
        }

        markup.Close().Close().Close();
    }
}
