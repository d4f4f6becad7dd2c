using CsvHelper;

namespace TransferLab.Data;

/// <summary>Rows of comma- or tab-separated values by RFC 4180.</summary>
internal static class SeparatedRows
{
    /// <exception cref="DataException">A malformed row, or a column that is missing.</exception>
    public static IEnumerable<TextRow> Read(StrictReader reader, string path, char separator, TextDataOptions options)
    {
        CsvMalformedRecord? malformed = null;
        using var csv = CsvReader.Create(reader, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            TrackLineNumbers = true,
            OnMalformedRecord = record => malformed = record,
        });
        if (!csv.Read())
        {
            yield break;
        }

        string[] header = Fields(csv);
        string place = $"{path}, header";
        reader.Check(place, string.Join('\n', header));
        CheckQuotes(place, malformed, separator);
        header = header.Select(name => name.Trim()).ToArray();
        int text = Column(path, header, options.TextColumn, "--text-column", separator);
        int label = Column(path, header, options.LabelColumn, "--label-column", separator);
        malformed = null;
        for (int row = 1; csv.Read(); row++, malformed = null)
        {
            place = $"{path}, row {row} (line {csv.LineNumber})";
            string[] fields = Fields(csv);
            reader.Check(place, string.Join('\n', fields));
            CheckQuotes(place, malformed, separator);
            if (fields.Length != header.Length)
            {
                throw new DataException($"{place}: {Naming.Count(fields.Length, "field", "fields")} where the header has {header.Length} ({string.Join(", ", header)}); {Mend(separator)}.");
            }

            yield return new TextRow(row, fields[text], fields[label].Trim());
        }
    }

    private static string[] Fields(CsvReader csv)
    {
        string[] fields = new string[csv.FieldCount];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = csv.GetString(i);
        }

        return fields;
    }

    // A quote inside a field that does not begin with one is plain text, as in 5" or most TSV. The parser reports no more than
    // one fault of a record, so this is let pass only where the record has no quoted field that could be at fault as well.
    private static void CheckQuotes(string place, CsvMalformedRecord? malformed, char separator)
    {
        string fault;
        switch (malformed?.Reason)
        {
            case null:
            case CsvMalformedReason.StrayQuote when IsUnquoted(malformed.Value.RawRecord, separator):
                return;
            case CsvMalformedReason.UnterminatedQuote:
                fault = "a double quote opens a field and is never closed";
                break;
            case CsvMalformedReason.TextAfterClosingQuote:
                fault = "text follows the double quote that closes a field";
                break;
            default:
                fault = "a double quote stands inside a field that does not begin with one";
                break;
        }

        throw new DataException($"{place}: {fault}; put the whole field into double quotes and write each quote inside it twice.");
    }

    private static bool IsUnquoted(string record, char separator) => !record.StartsWith('"') && !record.Contains($"{separator}\"");

    private static int Column(string path, string[] header, string wanted, string option, char separator)
    {
        int found = Array.IndexOf(header, wanted);
        if (found < 0)
        {
            string other = separator == ',' ? "; if its fields are not separated by commas, save it with commas" : "";
            throw new DataException($"{path} has no column '{wanted}'; its columns are {Naming.All(header)}: name one by {option}{(header.Length == 1 ? other : "")}.");
        }

        return Array.LastIndexOf(header, wanted) == found
            ? found
            : throw new DataException($"{path} has more than one column '{wanted}'; rename one, or name another by {option}.");
    }

    private static string Mend(char separator) => separator == ','
        ? "put a field with commas or line breaks into double quotes"
        : "put a field with tabs or line breaks into double quotes";
}
