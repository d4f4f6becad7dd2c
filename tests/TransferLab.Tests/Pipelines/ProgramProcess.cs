using System.Diagnostics;

namespace TransferLab.Tests.Pipelines;

/// <summary>Programs of the tests that know nothing of this library.</summary>
internal static class ProgramProcess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Folder of a built program: beside the tests' own.</summary>
    public static string Folder(string project) => AppContext.BaseDirectory.Replace("TransferLab.Tests", project, StringComparison.Ordinal);

    public static Process Start(string project, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(Folder(project), project + ".dll"), .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Runs one to its end.</summary>
    /// <returns>The lines that it printed.</returns>
    public static string[] Run(string project, params string[] arguments)
    {
        using Process process = Start(project, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{project} did not end within {s_limit}.");
        }

        Assert.True(process.ExitCode == 0, error.Result);
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
