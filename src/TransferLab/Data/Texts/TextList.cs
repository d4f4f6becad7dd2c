namespace TransferLab.Data;

/// <summary>Texts without labels: what a trained model is asked about.</summary>
public static class TextList
{
    /// <summary>A file of texts: one a line in .txt, one a row in .csv, .tsv, .jsonl and .ndjson.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumn">Column of the text, in files that have columns.</param>
    /// <returns>Examples with the label 0, which means nothing.</returns>
    /// <exception cref="DataException">There is no such file, it holds no text, or a row is malformed.</exception>
    public static IReadOnlyList<Example> Read(string path, string textColumn = "text")
    {
        string name = Path.GetFileName(path);
        IReadOnlyList<Example> examples = Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase)
            ? Lines(path, name)
            : Rows(TextFile.Read(path, name, new() { TextColumn = textColumn, LabelColumn = textColumn }, () => { }));
        return examples.Count > 0 ? examples : throw new DataException($"{path}: holds no text.");
    }

    private static Example[] Rows(TextFile file) => [.. file.Kept.Select(row => new Example(file.NameOf(row.Number), row.Text, 0, TextHash.Of(row.Text)))];

    private static Example[] Lines(string path, string name)
    {
        try
        {
            using StrictReader reader = StrictReader.Open(path);
            List<Example> examples = [];
            for (int line = 1; reader.ReadLine() is { } text; line++)
            {
                reader.Check($"{path}, line {line}", text);
                if (!string.IsNullOrWhiteSpace(text))
                {
                    examples.Add(new($"{name}:{line}", text, 0, TextHash.Of(text)));
                }
            }

            return [.. examples];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
