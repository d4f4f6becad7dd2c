using System.Data.Common;
using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>Rows of files and databases.</summary>
public static class SourceRows
{
    /// <summary>The kinds of files that are tables.</summary>
    internal static readonly string[] Extensions = [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".db", ".sqlite", ".sqlite3"];

    private static readonly string[] s_databases = [".db", ".sqlite", ".sqlite3"];

    /// <summary>Whether a file is read as an SQLite database.</summary>
    public static bool IsDatabase(string path) => s_databases.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The rows of a .csv, .tsv, .json, .jsonl or .ndjson file, or of the only table of an SQLite file (.db, .sqlite, .sqlite3), as they are
    /// read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sql">A query, for a database; null takes its only table.</param>
    /// <exception cref="DataException">While rows are taken: it cannot be opened or decoded, a row is malformed, or a query fails.</exception>
    /// <exception cref="ArgumentException">A query for a file that is no database.</exception>
    public static IEnumerable<SourceRow> Read(string path, string? sql = null)
    {
        if (!File.Exists(path))
        {
            throw new DataException($"{path} does not exist; name a {string.Join(", ", Extensions)} file.");
        }

        if (IsDatabase(path))
        {
            return SqliteRows.Read(path, sql);
        }

        if (sql is not null)
        {
            throw new ArgumentException($"{path} is not queried: only {string.Join(", ", s_databases)} files are databases; rename it, or give no query.");
        }

        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => FileRows.Separated(path, FileRows.Separator(path)),
            ".tsv" => FileRows.Separated(path, '\t'),
            ".json" or ".jsonl" or ".ndjson" => FileRows.Json(path),
            _ => throw new DataException($"{path} is not of a kind that is read as rows; name a {string.Join(", ", Extensions)} file."),
        };
    }

    /// <summary>The rows of a query on any database.</summary>
    /// <param name="connection">Opened by the caller, who also closes it.</param>
    /// <param name="sql">The query; it is run as given, so let it only read.</param>
    /// <exception cref="DataException">While rows are taken: the query fails, a column has no name, stands twice, or holds bytes.</exception>
    public static IEnumerable<SourceRow> FromDatabase(DbConnection connection, string sql) => DatabaseRows.Read(connection, sql, connection.Database);
}
