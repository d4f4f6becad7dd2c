namespace TransferLab.Data;

/// <summary>What was read from one text file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">What names of examples begin with.</param>
/// <param name="Kept">Rows with text and label.</param>
/// <param name="Empty">Numbers of rows without text.</param>
/// <param name="Unlabeled">Numbers of rows with text but no label.</param>
internal sealed record TextFile(string Path, string Name, IReadOnlyList<TextRow> Kept, IReadOnlyList<int> Empty, IReadOnlyList<int> Unlabeled)
{
    /// <summary>What a person should know of how it was read, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    private int Count => Kept.Count + Empty.Count + Unlabeled.Count + HeaderRows;

    private int HeaderRows { get; init; }

    /// <summary>Parses the file as it is read; what stays in memory is the texts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What names of examples begin with.</param>
    /// <param name="options">The columns.</param>
    /// <param name="seen">Called after every row.</param>
    /// <exception cref="DataException">It cannot be opened or decoded, or a row is malformed.</exception>
    public static TextFile Read(string path, string name, TextDataOptions options, Action seen)
    {
        List<TextRow> kept = [];
        List<int> empty = [], unlabelled = [];
        FileNotes notes = new();
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        try
        {
            foreach (TextRow row in Rows(path, options, notes))
            {
                seen();
                if (row.Text.Contains('\0') || row.Label.Contains('\0'))
                {
                    notes.Nul.Add(row.Number);
                }

                string label = row.Label.Trim('\0').Trim();
                if (row.Text.All(c => c == '\0' || char.IsWhiteSpace(c)))
                {
                    empty.Add(row.Number);
                }
                else if (label.Length == 0)
                {
                    unlabelled.Add(row.Number);
                }
                else
                {
                    // One string a class instead of one a row.
                    labels.TryAdd(label, label);
                    kept.Add(row with { Label = labels[label] });
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path.Contains('\uFFFD') ? $"{path}: the file's name is not UTF-8; rename it." : $"{path} cannot be read: {e.Message}", e);
        }

        TextFile file = new(path, name, kept, empty, unlabelled) { HeaderRows = notes.Headers.Count };
        return file with { Warnings = [.. notes.Warnings(file, labels.Keys)] };
    }

    /// <summary>The kept rows as examples, in the order of the file.</summary>
    /// <param name="classes">Class names; every label is among them.</param>
    public IReadOnlyList<Example> Examples(string[] classes)
    {
        var index = classes.Select((name, label) => (name, label)).ToDictionary(item => item.name, item => item.label, StringComparer.Ordinal);
        return Kept.Select(row => new Example(NameOf(row.Number), row.Text, index[row.Label], TextHash.Of(row.Text))).ToArray();
    }

    /// <summary>The name of a row: numbers are padded, so that the ordinal order of names is the file's.</summary>
    public string NameOf(int row) => $"{Name}:{row.ToString($"D{Count.ToString().Length}")}";

    private static IEnumerable<TextRow> Rows(string path, TextDataOptions options, FileNotes notes)
    {
        string extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        bool isJson = extension is not (".csv" or ".tsv");
        char separator = isJson ? '\0' : SeparatedRows.Separator(path, extension == ".csv" ? ',' : '\t', options, notes);
        using StrictReader reader = StrictReader.Open(path);
        foreach (TextRow row in isJson ? JsonRows.Read(reader, path, options) : SeparatedRows.Read(reader, path, separator, options, notes))
        {
            yield return row;
        }
    }
}
