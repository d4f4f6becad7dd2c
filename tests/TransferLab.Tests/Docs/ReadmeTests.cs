using System.Text.RegularExpressions;

namespace TransferLab.Tests.Docs;

public sealed partial class ReadmeTests
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

    [Fact]
    public void The_readme_stays_short_and_every_page_that_it_names_is_there()
    {
        string[] readme = File.ReadAllLines(Path.Combine(s_root, "README.md"));

        Assert.InRange(readme.Length, 50, 220); // A newcomer sees the whole in two minutes.
        foreach (string page in (string[])["README.md", "README.ko.md", "docs/results.md", "docs/deploy.md"])
        {
            string folder = Path.GetDirectoryName(Path.Combine(s_root, page))!;
            Assert.All(Link().Matches(File.ReadAllText(Path.Combine(s_root, page))), link =>
                Assert.True(Path.Exists(Path.Combine(folder, link.Groups[1].Value)), $"{page}: {link.Value}"));
        }
    }

    [Fact]
    public void Every_table_of_results_stands_below_a_command()
    {
        foreach (string page in (string[])["docs/results.md", "docs/deploy.md"])
        {
            string[] sections = File.ReadAllText(Path.Combine(s_root, page)).Split("\n## ");
            Assert.All(sections.Where(section => section.Contains("|---|", StringComparison.Ordinal) && !section.StartsWith("# ", StringComparison.Ordinal)),
                section => Assert.Matches(@"\n    (transferlab|dotnet) ", section));
        }
    }

    [GeneratedRegex(@"\]\(([^):#]+)\)")]
    private static partial Regex Link();

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
