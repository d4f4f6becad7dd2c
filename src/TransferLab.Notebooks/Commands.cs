namespace TransferLab.Notebooks;

/// <summary>The house's exit codes: 0 done, 1 the run failed, 2 the command line or a file is unusable.</summary>
internal static class Commands
{
    public const int Done = 0, Failed = 1, Unusable = 2;

    /// <summary>Runs a command; an unusable file becomes one line and an exit code.</summary>
    public static async Task<int> Guard(Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return Unusable;
        }
    }
}
