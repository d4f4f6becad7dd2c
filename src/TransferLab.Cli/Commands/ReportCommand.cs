using System.CommandLine;
using TransferLab.Comparison;
using TransferLab.Reporting;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab report</c>: the page again, from results.json alone.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> s_folder = new("DIR") { Description = "Folder with results.json" };

    public static Command Create() => new Command("report", """
        Rebuilds report.html from results.json alone.

        Example:
          transferlab report results/
        """)
    {
        s_folder,
    }.Does((arguments, _) =>
    {
        string folder = arguments.GetRequiredValue(s_folder);
        ComparisonResults results = ResultsFile.Read(Path.Combine(folder, "results.json"));
        string page = Path.Combine(folder, "report.html");
        HtmlReport.Write(results, page);
        Console.Out.WriteLine(ResultsTable.ToText(results));
        Console.Out.WriteLine($"report: {page}");
    });
}
