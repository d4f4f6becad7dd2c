namespace TransferLab.Data;

/// <summary>What was read from one text file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">What names of examples begin with.</param>
/// <param name="Kept">Rows with text and label.</param>
/// <param name="Empty">Numbers of rows without text.</param>
/// <param name="Unlabeled">Numbers of rows with text but no label.</param>
internal sealed record TextFile(string Path, string Name, IReadOnlyList<TextRow> Kept, IReadOnlyList<int> Empty, IReadOnlyList<int> Unlabeled)
{
    private int Count => Kept.Count + Empty.Count + Unlabeled.Count;

    /// <summary>Parses the file as it is read; what stays in memory is the texts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What names of examples begin with.</param>
    /// <param name="options">The columns.</param>
    /// <param name="seen">Called after every row.</param>
    /// <exception cref="DataException">It cannot be opened or decoded, or a row is malformed.</exception>
    public static TextFile Read(string path, string name, TextDataOptions options, Action seen)
    {
        var kept = new List<TextRow>();
        var empty = new List<int>();
        var unlabelled = new List<int>();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = StrictReader.Open(path);
            foreach (var row in Rows(reader, path, options))
            {
                seen();
                if (string.IsNullOrWhiteSpace(row.Text))
                {
                    empty.Add(row.Number);
                }
                else if (row.Label.Length == 0)
                {
                    unlabelled.Add(row.Number);
                }
                else
                {
                    // One string a class instead of one a row.
                    labels.TryAdd(row.Label, row.Label);
                    kept.Add(row with { Label = labels[row.Label] });
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }

        return new TextFile(path, name, kept, empty, unlabelled);
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

    private static IEnumerable<TextRow> Rows(StrictReader reader, string path, TextDataOptions options) =>
        System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => SeparatedRows.Read(reader, path, ',', options),
            ".tsv" => SeparatedRows.Read(reader, path, '\t', options),
            _ => JsonRows.Read(reader, path, options),
        };
}
