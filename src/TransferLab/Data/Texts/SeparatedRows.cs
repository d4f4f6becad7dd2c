using CsvHelper;

namespace TransferLab.Data;

/// <summary>Rows of comma- or tab-separated values by RFC 4180.</summary>
internal static class SeparatedRows
{
    private static readonly char[] s_usual = [',', ';', '\t', '|'];

    /// <summary>The separator that is given; otherwise the usual one of the file's kind, or the one by which the header has the columns where that one does not
    /// give them.</summary>
    public static char Separator(string path, char usual, TextDataOptions options, FileNotes notes)
    {
        if (options.Separator is { } given)
        {
            return given;
        }

        using var reader = StrictReader.Open(path);
        string header = reader.ReadLine() ?? "";
        char found = header.Trim('"') is var first && IsHint(first) ? first[^1] : s_usual.Prepend(usual).FirstOrDefault(HasColumns, usual);
        notes.Separator = found == usual ? null : found;
        return found;

        bool HasColumns(char separator)
        {
            string[] columns = [.. header.Split(separator).Select(name => options.Quote is { } quote ? name.Trim().Trim(quote).Trim() : name.Trim())];
            return columns.Contains(options.TextColumn) && columns.Contains(options.LabelColumn);
        }
    }

    /// <summary>Whether the first line is a spreadsheet's hint at the separator, such as <c>sep=;</c>, and no header.</summary>
    private static bool IsHint(string line) => line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="DataException">A malformed row, or a column that is missing.</exception>
    public static IEnumerable<TextRow> Read(StrictReader reader, string path, char separator, TextDataOptions options, FileNotes notes)
    {
        CsvMalformedRecord? malformed = null;
        using var csv = CsvReader.Create(reader, new CsvReaderOptions
        {
            Separator = separator,
            Mode = options.Quote is null ? CsvMode.NoEscape : CsvMode.Rfc4180,
            Quote = options.Quote ?? '"',
            HasHeader = false,
            TrackLineNumbers = true,
            OnMalformedRecord = record => malformed = record,
        });
        if (!csv.Read())
        {
            yield break;
        }

        string[] header = Fields(csv);
        if (IsHint(string.Join(separator, header)))
        {
            if (!csv.Read())
            {
                yield break;
            }

            header = Fields(csv);
        }

        string place = $"{path}, header";
        reader.Check(place, string.Join('\n', header));
        CheckQuotes(place, malformed, separator, options.Quote);
        header = header.Select(name => name.Trim()).ToArray();
        int text = Column(path, header, options.TextColumn, nameof(options.TextColumn), separator);
        int label = Column(path, header, options.LabelColumn, nameof(options.LabelColumn), separator);
        malformed = null;
        for (int row = 1; csv.Read(); row++, malformed = null)
        {
            place = $"{path}, row {row} (line {csv.LineNumber})";
            string[] fields = Fields(csv);
            reader.Check(place, string.Join('\n', fields));
            CheckQuotes(place, malformed, separator, options.Quote);
            if (fields.Length != header.Length)
            {
                throw new DataException(
                    $"{place}: {Naming.Count(fields.Length, "field", "fields")} where the header has {header.Length} ({Naming.Some(header)}); "
                        + $"{Mend(separator, options.Quote)}.");
            }

            if (fields.Select(field => field.Trim()).SequenceEqual(header))
            {
                notes.Headers.Add(row);
                continue;
            }

            foreach (string field in fields)
            {
                notes.Look(row, field, separator, header.Length, label);
            }

            yield return new TextRow(row, fields[text], fields[label].Trim());
        }
    }

    internal static string[] Fields(CsvReader csv)
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
    internal static void CheckQuotes(string place, CsvMalformedRecord? malformed, char separator, char? quote)
    {
        string fault;
        switch (malformed?.Reason)
        {
            case null:
            case CsvMalformedReason.StrayQuote when quote is { } mark && IsUnquoted(malformed.Value.RawRecord, separator, mark):
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

        throw new DataException(
            $"{place}: {fault}; put the whole field into double quotes and write each quote inside it twice, or say that fields have no quotes (option "
                + $"Quote).");
    }

    private static bool IsUnquoted(string record, char separator, char quote) => !record.StartsWith(quote) && !record.Contains($"{separator}{quote}");

    private static int Column(string path, string[] header, string wanted, string option, char separator)
    {
        int found = Array.IndexOf(header, wanted);
        if (found < 0)
        {
            string other = header.Length > 1 ? "" : $"; if its fields are not separated by {FileNotes.InWords(separator)}, say by what (option Separator)";
            string message = $"{path} has no column {Naming.Quote(wanted)}; its columns are {Naming.Quoted(header)}: name one (option {option}){other}.";
            throw option == nameof(TextDataOptions.LabelColumn) ? new NoLabelsException(message) : new DataException(message);
        }

        return Array.LastIndexOf(header, wanted) == found
            ? found
            : throw new DataException($"{path} has more than one column {Naming.Quote(wanted)}; rename one, or name another (option {option}).");
    }

    internal static string Mend(char separator, char? quote) => quote is null
        ? $"a field without quotes holds no {FileNotes.InWords(separator)} or line breaks"
        : $"put a field with {FileNotes.InWords(separator)} or line breaks into {(quote == '"' ? "double" : "single")} quotes";
}
