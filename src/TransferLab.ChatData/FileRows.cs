using System.Text.Json;
using CsvHelper;
using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>Rows of text files.</summary>
internal static class FileRows
{
    private const long MostBytes = 512L << 20; // Of a .json file, which is held whole.

    public static IEnumerable<SourceRow> Separated(string path, char separator)
    {
        using StrictReader reader = Opened(path);
        CsvMalformedRecord? malformed = null;
        using CsvReader csv = CsvReader.Create(reader,
            new CsvReaderOptions { Separator = separator, HasHeader = false, TrackLineNumbers = true, OnMalformedRecord = record => malformed = record });
        string[]? header = null;
        for (; csv.Read(); malformed = null)
        {
            string where = $"line {csv.LineNumber}", place = $"{path}, {where}";
            string[] fields = SeparatedRows.Fields(csv);
            reader.Check(place, string.Join('\n', fields));
            SeparatedRows.CheckQuotes(place, malformed, separator, '"');
            if (header is null)
            {
                header = [.. fields.Select(name => name.Trim())];
                if (header.Distinct().Count() < header.Length)
                {
                    throw new DataException($"{path} has a column twice ({Naming.Some(header)}); rename one.");
                }
            }
            else if (fields.Length != header.Length)
            {
                throw new DataException(
                    $"{place}: {Naming.Count(fields.Length, "field", "fields")} where the header has {header.Length} ({Naming.Some(header)}); "
                        + $"{SeparatedRows.Mend(separator, '"')}.");
            }
            else
            {
                yield return new(path, where, header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second));
            }
        }
    }

    /// <summary>The separator of a .csv file: a comma, unless the header has none and has semicolons, as files of many countries do.</summary>
    public static char Separator(string path)
    {
        using StrictReader reader = Opened(path);
        string header = reader.ReadLine() ?? "";
        return header.Contains(';', StringComparison.Ordinal) && !header.Contains(',', StringComparison.Ordinal) ? ';' : ',';
    }

    /// <summary>Objects, one a line or in an array; members of objects inside are named <c>outer.inner</c>.</summary>
    public static IEnumerable<SourceRow> Json(string path)
    {
        using StrictReader reader = Opened(path);
        ChatRowSource source = new(reader, ChatHost.Local);
        if (source.IsArray())
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new DataException($"{path} is one array of more than {MostBytes >> 20} MB; write one object a line.");
            }

            foreach (SourceRow row in Elements(reader, path))
            {
                yield return row;
            }

            yield break;
        }

        for (int line = source.Line; reader.ReadLine() is { } text; line++)
        {
            string place = $"{path}, line {line}";
            reader.Check(place, text);
            if (!string.IsNullOrWhiteSpace(text))
            {
                using JsonDocument document = Parse(text, place, "write one whole object a line, or one array");
                yield return Row(document.RootElement, path, $"line {line}");
            }
        }
    }

    private static IEnumerable<SourceRow> Elements(StrictReader reader, string path)
    {
        string text = reader.ReadToEnd();
        reader.Check(path, text);
        using JsonDocument document = Parse(text, path, "mend it");
        int number = 0;
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            yield return Row(element, path, $"row {++number}");
        }
    }

    private static StrictReader Opened(string path)
    {
        try
        {
            return StrictReader.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static JsonDocument Parse(string text, string place, string mend)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            string line = place.Contains(", line ", StringComparison.Ordinal) ? "" : $"line {e.LineNumber + 1}, ";
            throw new DataException($"{place}: not valid JSON at {line}byte {e.BytePositionInLine}; {mend}.", e);
        }
    }

    private static SourceRow Row(JsonElement element, string path, string where)
    {
        string place = $"{path}, {where}";
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new DataException($"{place}: {ChatRowContext.Kind(element)} where an object is expected; write one object a row.");
        }

        Dictionary<string, string> values = [];
        try
        {
            Add(values, "", element);
        }
        catch (InvalidOperationException e)
        {
            throw new DataException($"{place}: an escape \\u is half of a surrogate pair; write both halves or the character itself.", e);
        }

        return new(path, where, values);
    }

    private static void Add(Dictionary<string, string> values, string prefix, JsonElement element)
    {
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = prefix + member.Name;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Add(values, $"{name}.", member.Value);
                    break;
                case JsonValueKind.String:
                    values[name] = member.Value.GetString()!;
                    break;
                case JsonValueKind.Null:
                    values[name] = "";
                    break;
                default:
                    values[name] = member.Value.GetRawText();
                    break;
            }
        }
    }
}
