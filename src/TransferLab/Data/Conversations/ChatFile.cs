using System.Text;
using System.Text.Json;

namespace TransferLab.Data;

/// <summary>What was read from one file of chat data, faults included.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="IsArray">One JSON array over the whole file, instead of a row a line.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Findings">What concerns the file and no row.</param>
internal sealed record ChatFile(string Path, long Bytes, bool IsArray, List<ChatRow> Rows, List<ChatFinding> Findings)
{
    private const long MostBytes = 512L << 20; // The largest file that hosts take.

    private static readonly string[] s_extensions = [".jsonl", ".ndjson", ".json"];

    /// <summary>Reads a file by a host's rules.</summary>
    /// <exception cref="DataException">No such file, another kind of file, one that cannot be opened, or one larger than 512 MB.</exception>
    public static ChatFile Read(string path, ChatHost host)
    {
        try
        {
            return ReadWhole(path, host);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static ChatFile ReadWhole(string path, ChatHost host)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new DataException(Directory.Exists(path)
                ? $"{path} is a folder; name one of the files in it."
                : $"{path} does not exist; name a .jsonl, .ndjson or .json file of conversations.");
        }

        string extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        if (!s_extensions.Contains(extension))
        {
            throw new DataException($"{path} is not of a kind that is read; conversations stand in .jsonl, .ndjson or .json files.");
        }

        if (file.Length > MostBytes)
        {
            throw new DataException($"{path} has {file.Length >> 20:N0} MB, and {MostBytes >> 20} MB are read at most; split it.");
        }

        using StrictReader reader = StrictReader.Open(path);
        List<ChatFinding> findings = [];
        if (reader.EncodingName != "UTF-8")
        {
            findings.Add(new(0, "$", "encoding", true, $"the file is {reader.EncodingName} where UTF-8 is expected", "save it as UTF-8")
            {
                Mended = "written as UTF-8",
            });
        }

        ChatRowSource source = new(reader, host);
        bool isArray = source.IsArray() && (extension == ".json" || !source.IsArrayALine());
        if (isArray && extension != ".json")
        {
            findings.Add(new(1, "$", "array-in-lines", true, $"one JSON array in a {extension} file",
                "write one object a line, without brackets around and commas between")
            { Mended = "written as one object a line" });
        }

        List<ChatRow> rows = isArray ? source.Elements(findings) : source.Lines();
        if (!isArray && extension == ".json" && rows.Count > 1)
        {
            findings.Add(new(1, "$", "lines-in-json", false, "no JSON array in a .json file; it is read as one object a line", "name it .jsonl"));
        }

        return new(path, file.Length, isArray, rows, findings);
    }
}
