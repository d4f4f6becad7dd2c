namespace TransferLab.Chat.Tests.Docs;

public sealed class LanguageModelDocsTests
{
    [Fact]
    public void Every_line_of_the_compiled_sample_stands_in_the_page()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TransferLab.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of a clone.");
        }

        string[] page = [.. File.ReadLines(Path.Combine(folder.FullName, "docs", "language-models.md")).Select(line => line.Trim())];
        string[] source = File.ReadAllLines(Path.Combine(folder.FullName, "tests", "TransferLab.Chat.Tests", "Docs", "LanguageModelSamples.cs"));
        bool inside = false;
        string[] sample = [.. source.Select(line => line.Trim()).Where(line =>
        {
            inside = line switch { "// <docs>" => true, "// </docs>" => false, _ => inside };
            return inside && line is not ("// <docs>" or "");
        })];
        Assert.InRange(sample.Length, 5, 40);
        Assert.All(sample, line => Assert.Contains(line, page));
    }
}
