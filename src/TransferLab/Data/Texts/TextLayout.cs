namespace TransferLab.Data;

/// <summary>Which file the training rows are in and which the test's.</summary>
/// <param name="Train">File to train on.</param>
/// <param name="Test">The same for the test; null where the program splits.</param>
/// <param name="Notes">What was seen and is not used, a sentence each.</param>
internal sealed record TextLayout(string Train, string? Test, IReadOnlyList<string> Notes)
{
    private const string Expected = "expected is a .csv, .tsv, .jsonl or .ndjson file, or a folder with train.* and test.* of those kinds";

    private static readonly string[] Extensions = [".csv", ".tsv", ".jsonl", ".ndjson"];

    private static readonly string[] s_workbooks = [".xlsx", ".xls", ".xlsm", ".ods"];

    private static readonly string[] TestNames = ["test", "val", "valid", "validation"];

    /// <exception cref="DataException">No such file or folder, another kind of file, or a folder whose training file is missing or ambiguous.</exception>
    public static TextLayout Find(string path, string? testPath)
    {
        if (testPath is not null && !File.Exists(testPath))
        {
            throw new DataException($"The test file {testPath} does not exist; give one with the same columns as the training data.");
        }

        string? test = testPath is null ? null : Known(testPath);
        if (File.Exists(path))
        {
            return new TextLayout(Known(path), test, []);
        }

        if (!Directory.Exists(path))
        {
            throw new DataException($"{path} does not exist; {Expected}.");
        }

        string train = Only(path, "train") ?? throw new DataException($"{path} has no train.*; {Expected}.");
        string[] tests = TestNames.Select(name => Only(path, name)).OfType<string>().ToArray();
        test ??= tests.FirstOrDefault();
        string[] unused = [.. Readable(path).Where(found => found != train && found != test).Select(found => Path.GetFileName(found))];
        return new TextLayout(train, test, unused.Length == 0
            ? []
            : [$"{Naming.Quoted(unused)} in {path} {(unused.Length == 1 ? "is" : "are")} not used: "
                + $"{(test is null ? "the test is split off" : $"the test is {test}")}, and validation data is split off from train."]);
    }

    private static string Known(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())
        ? path
        : throw new DataException(
            $"{path} is not of a kind that is read; "
                + $"{Expected}{(s_workbooks.Contains(Path.GetExtension(path).ToLowerInvariant()) ? "; in a spreadsheet, save as CSV UTF-8" : "")}.");

    private static string? Only(string folder, string name)
    {
        string[] found = [.. Readable(folder).Where(path => Path.GetFileNameWithoutExtension(path).Equals(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new DataException(
                $"{folder} has {Naming.Quoted(found.Select(path => Path.GetFileName(path)))}; keep one of them, or name the file itself.");
    }

    private static string[] Readable(string folder)
    {
        try
        {
            return [.. Directory.GetFiles(folder).Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder} cannot be listed: {e.Message}", e);
        }
    }
}
