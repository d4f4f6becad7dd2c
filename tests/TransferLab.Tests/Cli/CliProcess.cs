using System.Diagnostics;

namespace TransferLab.Tests.Cli;

/// <summary>The built command, run as a person runs it.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    public static (int Code, string Output, string Error) Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs it with environment variables.</summary>
    public static (int Code, string Output, string Error) RunWith(Dictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        WaitForExit(process);
        return (process.ExitCode, output.Result, error.Result);
    }

    public static Process Start(params string[] arguments) => Start([], arguments);

    private static Process Start(Dictionary<string, string> environment, string[] arguments)
    {
        // A runner in the background may leave SIGINT ignored, and children inherit that; env puts it back.
        string[] command = [.. OperatingSystem.IsLinux()
            ? ["env", "--default-signal=INT", "dotnet"]
            : (string[])["dotnet"], Path.Combine(AppContext.BaseDirectory, "TransferLab.Cli.dll"), .. arguments];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static void WaitForExit(Process process)
    {
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The command did not end within {s_limit}.");
        }
    }
}
