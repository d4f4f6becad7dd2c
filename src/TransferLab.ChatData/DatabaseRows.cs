using System.Data.Common;
using System.Globalization;
using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>Rows of a query, through ADO.NET.</summary>
internal static class DatabaseRows
{
    public static IEnumerable<SourceRow> Read(DbConnection connection, string sql, string name)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = Try(command.ExecuteReader, name);
        string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        if (columns.Distinct().Count() < columns.Length || columns.Contains(""))
        {
            throw new DataException(
                $"{name}: the query gives columns {string.Join(", ", columns.Select(column => $"'{column}'"))}; give each its own name ('select a as "
                    + $"question').");
        }

        for (int row = 1; Try(reader.Read, name); row++)
        {
            Dictionary<string, string> values = [];
            for (int i = 0; i < columns.Length; i++)
            {
                values[columns[i]] = Text(Try(() => reader.GetValue(i), name), $"{name}, row {row}", columns[i]);
            }

            yield return new(name, $"row {row}", values);
        }
    }

    private static string Text(object value, string place, string column) => value switch
    {
        DBNull => "",
        string text => text,
        byte[] => throw new DataException($"{place}: '{column}' holds bytes; leave it out of the query, or cast it to text."),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static T Try<T>(Func<T> read, string name)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or InvalidCastException)
        {
            throw new DataException($"{name}: the query fails: {e.Message.ReplaceLineEndings(" ")}; mend it.", e);
        }
    }
}
