using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>How the threads of libtorch wait for each other.</summary>
internal static partial class NativeThreads
{
    private const string Policy = "OMP_WAIT_POLICY";
    private static readonly string[] s_settings = [Policy, "GOMP_SPINCOUNT", "KMP_BLOCKTIME"];

    /// <summary>
    /// Lets threads that have nothing to do sleep, where nothing else is set. OpenMP has them ask again and again, which is as fast on an idle machine, and
    /// where something else wants one of the processors it keeps the very thread from running that is waited for: on two cores, one of them busy, tuning takes
    /// twenty times as long. OpenMP reads it once, when libtorch is loaded; it sees the process's own environment, which .NET keeps a copy of.
    /// </summary>
    public static void WaitAsleep()
    {
        if (!OperatingSystem.IsLinux() || s_settings.Any(name => Environment.GetEnvironmentVariable(name) is not null))
        {
            return;
        }

        try
        {
            _ = SetVariable(Policy, "PASSIVE", 1);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another kind of Linux: threads wait as its OpenMP has them.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
