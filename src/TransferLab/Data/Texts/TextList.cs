namespace TransferLab.Data;

/// <summary>Texts without labels: what a trained model is asked about.</summary>
public static class TextList
{
    /// <summary>A file of texts: one a line in .txt, one a row in .csv, .tsv, .jsonl and .ndjson.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumn">Column of the text, in files that have columns.</param>
    /// <exception cref="DataException">There is no such file, it holds no text, or a row is malformed.</exception>
    public static UnlabeledData Read(string path, string textColumn = "text") => Read(path, new TextDataOptions { TextColumn = textColumn });

    /// <summary>A file of texts: one a line in .txt, one a row in .csv, .tsv, .jsonl and .ndjson.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The column of the text, and how the file is written; that of the label is not looked at.</param>
    /// <exception cref="DataException">There is no such file, it holds no text, or a row is malformed.</exception>
    public static UnlabeledData Read(string path, TextDataOptions options)
    {
        string name = Path.GetFileName(path);
        if (ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new DataException($"{path} is an image by its name, and texts are wanted: a file of .txt, .csv, .tsv, .jsonl or .ndjson.");
        }

        UnlabeledData data = Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase)
            ? Lines(path, name)
            : Rows(TextFile.Read(path, name, options with { LabelColumn = options.TextColumn }, () => { }));
        return data.Examples.Count > 0 ? data : throw new DataException($"{path}: holds no text.");
    }

    private static UnlabeledData Rows(TextFile file) => new(
        [.. file.Kept.Select(row => new Example(file.NameOf(row.Number), row.Text, 0, TextHash.Of(row.Text)))],
        [.. file.Empty.Count > 0 ? [Empty("row", [.. file.Empty.Select(file.NameOf)])] : Array.Empty<string>(), .. file.Warnings]);

    private static string Empty(string noun, IReadOnlyCollection<string> names) =>
        $"{Naming.Count(names.Count, $"{noun} has", $"{noun}s have")} no text and no prediction: {Naming.Some(names)}.";

    private static UnlabeledData Lines(string path, string name)
    {
        try
        {
            using StrictReader reader = StrictReader.Open(path);
            List<Example> examples = [];
            List<string> empty = [];
            for (int line = 1; reader.ReadLine() is { } text; line++)
            {
                reader.Check($"{path}, line {line}", text);
                if (string.IsNullOrWhiteSpace(text))
                {
                    empty.Add($"{name}:{line}");
                }
                else
                {
                    examples.Add(new($"{name}:{line}", text, 0, TextHash.Of(text)));
                }
            }

            return new(examples, empty.Count > 0 ? [Empty("line", empty)] : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
