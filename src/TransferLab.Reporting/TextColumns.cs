namespace TransferLab.Reporting;

/// <summary>Rows of cells as aligned plain columns, two spaces apart: the first to the left, the others to the right.</summary>
internal static class TextColumns
{
    /// <summary>One line a row, each with a line end.</summary>
    /// <param name="rows">Equally many cells in every row, the titles first.</param>
    public static string Of(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Count).Select(i => rows.Max(row => row[i].Length))];
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
            + "\n"));
    }
}
