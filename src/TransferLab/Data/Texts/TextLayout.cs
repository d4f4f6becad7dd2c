namespace TransferLab.Data;

/// <summary>Which file the training rows are in and which the test's.</summary>
/// <param name="Train">File to train on.</param>
/// <param name="Test">The same for the test; null where the program splits.</param>
/// <param name="Warning">What was seen and is not used.</param>
internal sealed record TextLayout(string Train, string? Test, string? Warning = null)
{
    private const string Expected = "expected is a .csv, .tsv, .jsonl or .ndjson file, or a folder with train.* and test.* of those kinds";

    private static readonly string[] Extensions = [".csv", ".tsv", ".jsonl", ".ndjson"];

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
            return new TextLayout(Known(path), test);
        }

        if (!Directory.Exists(path))
        {
            throw new DataException($"{path} does not exist; {Expected}.");
        }

        string train = Only(path, "train") ?? throw new DataException($"{path} has no train.*; {Expected}.");
        string[] tests = TestNames.Select(name => Only(path, name)).OfType<string>().ToArray();
        test ??= tests.FirstOrDefault();
        string[] unused = tests.Where(found => found != test).Select(found => Path.GetFileName(found)).ToArray();
        return new TextLayout(train, test, unused.Length == 0
            ? null
            : $"{Naming.All(unused)} in {path} is not used: the test is {test}, and validation data is split off from train.");
    }

    private static string Known(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())
        ? path
        : throw new DataException($"{path} is not of a kind that is read; {Expected}.");

    private static string? Only(string folder, string name)
    {
        string[] found = Directory.GetFiles(folder)
            .Where(path => Path.GetFileNameWithoutExtension(path).Equals(name, StringComparison.OrdinalIgnoreCase))
            .Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
            .Order(StringComparer.Ordinal).ToArray();
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new DataException($"{folder} has {Naming.All(found.Select(path => Path.GetFileName(path)))}; keep one of them, or name the file itself.");
    }
}
