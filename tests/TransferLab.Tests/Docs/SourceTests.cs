namespace TransferLab.Tests.Docs;

public sealed class SourceTests
{
    private const int Longest = 160, Literals = 56;

    /// <summary>What cannot be broken are raw texts, patterns and rows of test data; their number may only fall.</summary>
    [Fact]
    public void Lines_have_at_most_160_characters_but_for_literals()
    {
        string root = ReadmeTests.FindRoot();
        string[] files =
            [.. new[] { "src", "tests" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))];
        string[] longer =
            [.. files.SelectMany(file => File.ReadLines(file).Select((line, i) => (Line: line, At: $"{Path.GetRelativePath(root, file)}:{i + 1}")))
            .Where(item => item.Line.Length > Longest).Select(item => item.At)];

        Assert.True(files.Length > 500, $"{files.Length} files were found");
        Assert.True(longer.Length <= Literals, $"{longer.Length} lines are longer, {Literals} were: {string.Join("\n", longer)}");
    }
}
