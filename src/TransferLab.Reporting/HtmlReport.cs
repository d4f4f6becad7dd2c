using System.Text;
using TransferLab.Comparison;
using TransferLab.Reporting.Answers;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Sections;
using TransferLab.Runtime;

namespace TransferLab.Reporting;

/// <summary>
/// The page of a finished comparison: one HTML file that needs no network and no script, for light and dark, wide, narrow and printed.
/// </summary>
public static class HtmlReport
{
    // Whatever a class or file name holds, the browser may neither run nor fetch anything.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>Makes the page from the results alone; the same results give the same page.</summary>
    public static string Render(ComparisonResults results)
    {
        Page page = new(results);
        MarkupWriter markup = page.Markup.Own("<!DOCTYPE html>\n").Open("html", ("lang", "en"));
        WriteHead(markup, results.Data.Name, results.Questions is null ? HeaderSection.Question : AnswerSections.Question);
        markup.Open("body").Open("main");
        if (results.Questions is null)
        {
            WriteLabels(page);
        }
        else
        {
            AnswerSections.Write(page);
        }

        markup.Line().Close().Close().Close().Line();
        return markup.ToString();
    }

    private static void WriteLabels(Page page)
    {
        HeaderSection.Write(page);
        SummarySection.Write(page);
        PairSection.Write(page);
        PlotSections.Write(page);
        SizeSection.Write(page);
        CalibrationSection.Write(page);
        ClassSection.Write(page);
        ShiftSection.Write(page);
        RetentionSection.Write(page);
        InsideSection.Write(page);
        ConfusionSection.Write(page);
        MistakeSection.Write(page);
        RunSection.Write(page);
        CardSection.Write(page);
    }

    /// <summary>Writes the page to a file (UTF-8), whole or not at all.</summary>
    /// <exception cref="IOException">The place cannot be written to.</exception>
    public static void Write(ComparisonResults results, string path) => WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(results))));

    private static void WriteHead(MarkupWriter markup, string name, string question)
    {
        markup.Open("head").Empty("meta", ("charset", "utf-8"));
        markup.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        markup.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        markup.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        markup.Element("title", $"{name}: {char.ToLowerInvariant(question[0])}{question[1..]} - TransferLab").Empty("link", ("rel", "icon"),
            ("href", "data:,"));
        markup.Open("style").Own(StyleSheet()).Close().Close();
    }

    private static string StyleSheet()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("page.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
