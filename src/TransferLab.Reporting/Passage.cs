using TransferLab.Reporting.Display;
using TransferLab.Reporting.Html;
using TransferLab.Runtime;

namespace TransferLab.Reporting;

/// <summary>
/// Text as a program prints it, whose long lines a notebook breaks between words. What is written to the console it breaks anywhere, in mid-word too, and
/// always does so on a phone.
/// </summary>
/// <param name="text">Lines, separated by line ends; spaces stay, so columns stand below each other where there is room.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class Passage(string text) : IDisplayed
{
    private const string Style =
        "font: 13px/1.45 ui-monospace, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: break-word";

    /// <inheritdoc/>
    public override string ToString() => text;

    string IDisplayed.Html() => new MarkupWriter().Element("div", text, ("style", Style)).ToString();

    string IDisplayed.Text() => text;
}
