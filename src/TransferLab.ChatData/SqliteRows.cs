using Microsoft.Data.Sqlite;
using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>Rows of an SQLite file, which is opened for reading alone.</summary>
internal static class SqliteRows
{
    public static IEnumerable<SourceRow> Read(string path, string? sql)
    {
        SqliteConnectionStringBuilder readOnly = new() { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using SqliteConnection connection = new(readOnly.ToString());
        string query = sql ?? $"select * from \"{OnlyTable(connection, path).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        Open(connection, path);
        foreach (SourceRow row in DatabaseRows.Read(connection, query, path))
        {
            yield return row;
        }
    }

    private static void Open(SqliteConnection connection, string path)
    {
        try
        {
            connection.Open();
        }
        catch (SqliteException e)
        {
            throw new DataException($"{path} cannot be opened as an SQLite database: {e.Message}", e);
        }
    }

    private static string OnlyTable(SqliteConnection connection, string path)
    {
        Open(connection, path);
        const string query = "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by name";
        string[] tables = [.. DatabaseRows.Read(connection, query, path).Select(row => row.Values["name"])];
        return tables.Length switch
        {
            1 => tables[0],
            0 => throw new DataException($"{path} has no table."),
            _ => throw new DataException(
                $"{path} has {tables.Length} tables ({string.Join(", ", tables.Take(20))}); give a query that takes the columns wanted."),
        };
    }
}
