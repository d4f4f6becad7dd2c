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
    private const int Failed = 1, Unusable = 2;

    public static Command Create()
    {
        Command command = new("notebook", $"""
            Builds the notebooks of lessons (build) and runs notebooks on the C# kernel (run). A tool of its own does it, because it carries the kernel:
            dotnet tool install --global {Package}

            Examples:
              transferlab notebook build --check notebooks/
              transferlab notebook run lesson.ipynb
            """)
        { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((arguments, cancellation) => RunAsync(arguments.UnmatchedTokens, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (Find() is not { } tool)
        {
            await Console.Error.WriteLineAsync($"error: {Tool} is not on the PATH; get it with 'dotnet tool install --global {Package}'.").ConfigureAwait(false);
            return Unusable;
        }

        using Process? process = Process.Start(new ProcessStartInfo(tool, arguments));
        if (process is null)
        {
            return Failed;
        }

        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>Beside this program, or on the PATH.</summary>
    private static string? Find()
    {
        string file = OperatingSystem.IsWindows() ? Tool + ".exe" : Tool;
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Prepend(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
