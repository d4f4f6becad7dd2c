using System.CommandLine;
using System.Diagnostics;

namespace TransferLab.Cli.Commands;

/// <summary>
/// <c>transferlab notebook</c>: hands over to <c>transferlab-notebook</c>, a tool of its own. It carries the kernel of .NET notebooks, 75 MB, which who only
/// compares should not have to download.
/// </summary>
internal static class NotebookCommand
{
    private const string Tool = "transferlab-notebook", Package = "TransferLab.Notebooks";
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    public static Command Create() => new Command("notebook", $"""
        Builds the notebooks of lessons (build) and runs notebooks on the C# kernel (run). A tool of its own does it, because it carries the kernel:
        dotnet tool install --global {Package}

        Examples:
          transferlab notebook build --check notebooks/
          transferlab notebook run lesson.ipynb
        """)
    {
        TreatUnmatchedTokensAsErrors = false,
    }.Exits((arguments, cancellation) => Run(arguments.UnmatchedTokens, cancellation), cancelled: $"{Tool} has ended");

    private static int Run(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        string tool = Find() ?? throw new ArgumentException($"{Tool} is not on the PATH; get it with 'dotnet tool install --global {Package}'.");
        using Process process = ChildProcess.Start(new ProcessStartInfo(tool, arguments), $"install it anew with 'dotnet tool install --global {Package}'");
        try
        {
            process.WaitForExitAsync(cancellation).GetAwaiter().GetResult();
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            if (!process.WaitForExit(s_grace)) // A terminal interrupts the tool as well; whoever signals this process alone does not.
            {
                process.Kill(entireProcessTree: true);
            }

            throw;
        }
    }

    /// <summary>Beside this program, or on the PATH.</summary>
    private static string? Find()
    {
        string file = OperatingSystem.IsWindows() ? Tool + ".exe" : Tool;
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Prepend(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
