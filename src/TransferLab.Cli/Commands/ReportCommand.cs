using System.CommandLine;
using TransferLab.Comparison;
using TransferLab.Reporting;
using TransferLab.Runtime;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab report</c>: the page again, from results.json alone, or several comparisons on one page.</summary>
internal static class ReportCommand
{
    private const string ResultsName = "results.json", PageName = "report.html";
    private const long PageBytes = 16 << 20;
    private static readonly Argument<string[]> s_folders = new("DIR")
    {
        Description = "Folders with results.json; several are laid side by side",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "Folder for the page; where not given, the folder itself, and transferlab-report for several",
        HelpName = "DIR",
    };

    public static Command Create() => new Command("report", """
        Rebuilds report.html from results.json alone. Several folders become one page and one table, whoever wrote them: they must be about the same
        classes, and are compared in pairs where they were tested on the same examples.

        Examples:
          transferlab report results/
          transferlab report small/ large/ other-program/ --out side-by-side
        """)
    {
        s_folders, s_out,
    }.Does((arguments, _) =>
    {
        string[] folders = [.. arguments.GetRequiredValue(s_folders).DistinctBy(Path.GetFullPath)];
        (string, ComparisonResults)[] parts = [.. Names(folders).Zip(folders, (name, folder) => (name, ResultsFile.Read(Path.Combine(folder, ResultsName))))];
        ComparisonResults results = SideBySide.Join(parts);
        string target = arguments.GetValue(s_out) ?? (folders.Length == 1 ? folders[0] : "transferlab-report");
        CheckTarget(target, folders);
        string page = Path.Combine(target, PageName);
        HtmlReport.Write(results, page);
        if (folders.Length > 1)
        {
            ResultsFile.Write(results, Path.Combine(target, ResultsName));
        }

        Console.Out.WriteLine(ResultsTable.ToText(results));
        foreach (string warning in folders.Length > 1 ? results.Data.Warnings : [])
        {
            Console.Out.WriteLine($"warning: {warning}");
        }

        Console.Out.WriteLine($"report: {page}");
    });

    /// <summary>A page of several comparisons does not go into the folder of one, whose results it would replace.</summary>
    private static void CheckTarget(string target, string[] folders)
    {
        string what = $"--out {target}";
        if (File.Exists(target))
        {
            throw new ArgumentException($"{what}: is a file; name a folder.");
        }

        bool isOwn = folders is [{ } one] && Path.GetFullPath(one) == Path.GetFullPath(target);
        if (!isOwn && (folders.Select(Path.GetFullPath).Contains(Path.GetFullPath(target)) || Directory.Exists(Path.Combine(target, "runs"))))
        {
            throw new ArgumentException($"{what}: holds a comparison, whose results would be replaced; name another folder.");
        }

        OutputPlace.CheckWritable(what, target);
        OutputPlace.CheckSpace(what, target, PageBytes);
        WholeFile.RemoveLeftovers(target, PageName);
    }

    /// <summary>The last part of each path; the whole path where two of those are alike.</summary>
    private static string[] Names(string[] folders)
    {
        string[] last = [.. folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))];
        return last.Distinct().Count() == last.Length ? last : folders;
    }
}
