namespace TransferLab.Tests.Docs;

public sealed class ReadmeTests
{
    private static readonly string s_root = FindRoot();

    [Fact]
    public void Every_line_of_the_compiled_samples_stands_in_the_readme()
    {
        string[] readme = [.. File.ReadLines(Path.Combine(s_root, "README.md")).Select(line => line.Trim())];
        string[] source = File.ReadAllLines(Path.Combine(s_root, "tests", "TransferLab.Tests", "Docs", "ReadmeSamples.cs"));
        bool inside = false;
        List<string> samples = [];
        foreach (string line in source.Select(line => line.Trim()))
        {
            inside = line == "// <readme>" || (inside && line != "// </readme>");
            if (inside && line.Length > 0 && line != "// <readme>")
            {
                samples.Add(line);
            }
        }

        Assert.InRange(samples.Count, 10, 100);
        Assert.All(samples, line => Assert.Contains(line, readme));
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TransferLab.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of a clone.");
    }
}
