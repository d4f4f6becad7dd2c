namespace TransferLab.Data;

/// <summary>What a person should know of how one text file was read: rows by their numbers.</summary>
internal sealed class FileNotes
{
    private const int ManyLines = 10, FewestSwallowed = 2, MostKept = 5;
    private readonly List<(int Row, int Lines)> _long = [];
    private readonly List<(int Row, int Lines, string[] Labels)> _suspects = [];

    /// <summary>The separator, where it is another than the file's extension says.</summary>
    public char? Separator { get; set; }

    /// <summary>Rows that equal the header, and are left out.</summary>
    public List<int> Headers { get; } = [];

    /// <summary>Rows with NUL characters.</summary>
    public List<int> Nul { get; } = [];

    /// <summary>Looks at a field that runs over several lines: a quote that nobody closed takes the rows that follow into it.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="field">The field.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="columns">Fields of a row.</param>
    /// <param name="label">Which of them is the label.</param>
    public void Look(int row, string field, char separator, int columns, int label)
    {
        int breaks = field.AsSpan().Count('\n');
        if (breaks + 1 >= ManyLines)
        {
            _long.Add((row, breaks + 1));
        }
        else if (breaks > FewestSwallowed)
        {
            string[][] within = [.. field.Split('\n')[1..^1].Select(line => line.Split(separator)).Where(fields => fields.Length == columns)];
            if (2 * within.Length > breaks)
            {
                _suspects.Add((row, breaks + 1, [.. within.Take(MostKept).Select(fields => fields[label].Trim())]));
            }
        }
    }

    /// <summary>A sentence each.</summary>
    /// <param name="file">The file, for names of rows.</param>
    /// <param name="labels">The labels of the file.</param>
    public IEnumerable<string> Warnings(TextFile file, ICollection<string> labels)
    {
        if (Separator is { } separator)
        {
            yield return $"{file.Path} is read as separated by {InWords(separator)}, for so its header has the columns; another one has to be said (option "
                + $"Separator).";
        }

        if (Headers.Count > 0)
        {
            yield return $"{Naming.Count(Headers.Count, "row equals the header and is", "rows equal the header and are")} left out: {Rows(Headers)}.";
        }

        var lines = _long.Concat(_suspects.Where(suspect => suspect.Labels.All(labels.Contains)).Select(suspect => (suspect.Row, suspect.Lines)))
            .OrderBy(item => item.Row).ToArray();
        if (lines.Length > 0)
        {
            string named = Naming.Some(lines.Select(item => $"{file.NameOf(item.Row)} ({item.Lines} lines)"));
            yield return $"{Naming.Count(lines.Length, "row has", "rows have")} a field of many lines: {named}; if a quote opens there that is plain text, it "
                + $"swallowed rows: write it twice within quotes, or say that fields have none (option Quote).";
        }

        if (Nul.Count > 0)
        {
            yield return $"{Naming.Count(Nul.Count, "row has", "rows have")} NUL characters, which no text should: {Rows(Nul)}; see whether the file is "
                + $"damaged.";
        }

        string Rows(IEnumerable<int> rows) => Naming.Some(rows.Select(file.NameOf));
    }

    /// <summary>A separator for messages.</summary>
    public static string InWords(char separator) => separator switch
    {
        ',' => "commas",
        '\t' => "tabs",
        ';' => "semicolons",
        _ => $"'{separator}'",
    };
}
