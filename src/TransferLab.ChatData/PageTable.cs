using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace TransferLab.ChatData;

/// <summary>A table as text, in the form that language models know: cells between bars, a line under the header.</summary>
internal static class PageTable
{
    public static string Text(IElement table)
    {
        if (table is not IHtmlTableElement element)
        {
            return PageBlocks.Flat(PageBlocks.TextOf(table));
        }

        string[][] rows =
        [
            .. element.Rows.Select(row => row.Cells
                .Select(cell => PageBlocks.Flat(PageBlocks.TextOf(cell)).Replace("|", "\\|", StringComparison.Ordinal)).ToArray())
                .Where(cells => cells.Any(cell => cell.Length > 0)),
        ];
        if (rows.Length == 0)
        {
            return "";
        }

        int columns = rows.Max(row => row.Length);
        if (columns == 1)
        {
            return string.Join('\n', rows.Select(row => row[0])); // A frame, not a table.
        }

        List<string> lines = [.. rows.Select(row => $"| {string.Join(" | ", row.Concat(Enumerable.Repeat("", columns - row.Length)))} |")];
        lines.Insert(1, $"|{string.Concat(Enumerable.Repeat(" --- |", columns))}");
        string caption = element.Caption is { } title ? PageBlocks.Flat(PageBlocks.TextOf(title)) : "";
        return (caption.Length > 0 ? $"{caption}\n" : "") + string.Join('\n', lines);
    }
}
