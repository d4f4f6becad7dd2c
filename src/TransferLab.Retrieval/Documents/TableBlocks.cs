using TransferLab.ChatData;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>Rows of a table: each stands for itself, its columns with their names in front.</summary>
internal static class TableBlocks
{
    public static IEnumerable<DocumentBlock> Read(string file, string? column)
    {
        foreach (SourceRow row in SourceRows.Read(file))
        {
            if (column is not null && !row.Values.ContainsKey(column))
            {
                throw new DataException($"{file}, {row.Place}: no column {Naming.Quote(column)}; there are {Naming.Quoted(row.Values.Keys)}.");
            }

            string text = column is not null ? row.Values[column].Trim()
                : row.Values.Count == 1 ? row.Values.Values.First().Trim()
                : string.Join('\n', row.Values.Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).Select(pair => $"{pair.Key}: {pair.Value.Trim()}"));
            if (text.Length > 0)
            {
                yield return new(0, text) { Place = row.Place, IsWhole = true };
            }
        }
    }
}
