using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>Values by the names of columns. One row of JSON may lack a member; a column that no row has is a mistake.</summary>
internal sealed class Columns
{
    private readonly HashSet<string> _wanted = [], _found = [];
    private SourceRow? _first;

    /// <summary>The text there; empty where this row has none.</summary>
    public string Value(SourceRow row, string column)
    {
        _first ??= row;
        _wanted.Add(column);
        if (!row.Values.TryGetValue(column, out string? value))
        {
            return "";
        }

        _found.Add(column);
        return value;
    }

    /// <exception cref="DataException">A column that was asked for is in no row.</exception>
    public void Check()
    {
        if (_first is { } row && _wanted.FirstOrDefault(column => !_found.Contains(column)) is { } missing)
        {
            throw new DataException(
                $"{row.Source}: there is no column '{missing}'; there are {string.Join(", ", row.Values.Keys.Take(40).Select(name => $"'{name}'"))}.");
        }
    }
}
