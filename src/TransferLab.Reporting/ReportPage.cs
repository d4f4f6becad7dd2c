using TransferLab.Comparison;
using TransferLab.Reporting.Display;
using TransferLab.Runtime;

namespace TransferLab.Reporting;

/// <summary>The report of a comparison as a value: it shows itself inside a notebook, and can be written to a file.</summary>
/// <param name="results">What it reports.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class ReportPage(ComparisonResults results) : IDisplayed
{
    /// <summary>The results it is made from.</summary>
    public ComparisonResults Results { get; } = results;

    /// <summary>The file it was last written to; null before <see cref="Save"/>.</summary>
    public string? Path { get; private set; }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">An .html file; its folder is made.</param>
    /// <exception cref="IOException">The place cannot be written to.</exception>
    public ReportPage Save(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        HtmlReport.Write(Results, full);
        Path = full;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Path is null ? ResultsTable.ToText(Results) : $"The report is in {Path}: open it in a browser.";

    string IDisplayed.Html() =>
        Fragment.Of(markup => markup.Open("iframe", ("title", $"Report on {Results.Data.Name}"), ("srcdoc", HtmlReport.Render(Results))).Close());

    string IDisplayed.Text() => ToString();
}
