using System.Diagnostics;

namespace TransferLab.Chat.Tests;

/// <summary>The command as a person runs it: a process of its own.</summary>
internal static class CommandProcess
{
    /// <summary>Starts it with all three streams at hand; the caller disposes it.</summary>
    public static Process Start(params string[] arguments)
    {
        // A runner in the background may leave SIGINT ignored, and children inherit that; env puts it back.
        string[] command = [.. OperatingSystem.IsLinux()
            ? ["env", "--default-signal=INT", "dotnet"]
            : (string[])["dotnet"], Path.Combine(AppContext.BaseDirectory, "TransferLab.Cli.dll"), .. arguments];
        return Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Runs it to its end, which has to be a good one.</summary>
    /// <param name="input">What is typed.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>Its output.</returns>
    public static async Task<string> RunAsync(string input, TimeSpan limit, params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(limit);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }

    /// <summary>Waits for the line in which <c>serve</c> says where it answers.</summary>
    public static async Task<string> ServingAsync(Process serve, TimeSpan limit)
    {
        string line;
        do
        {
            line = await serve.StandardOutput.ReadLineAsync().WaitAsync(limit)
                ?? throw new InvalidOperationException(await serve.StandardError.ReadToEndAsync());
        }
        while (!line.StartsWith("serving", StringComparison.Ordinal));

        return line;
    }

    /// <summary>Interrupts it as Ctrl-C does, and waits for its end.</summary>
    public static async Task InterruptAsync(Process process, TimeSpan limit)
    {
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(limit);
    }
}
