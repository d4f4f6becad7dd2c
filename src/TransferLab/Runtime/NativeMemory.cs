using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>
/// Gives freed heap back to the system. glibc keeps it: without this, resident memory grows by gigabytes over a few hundred training steps
/// although no tensor is left over.
/// </summary>
internal static partial class NativeMemory
{
    private static bool s_absent = !OperatingSystem.IsLinux();

    /// <summary>Call every few steps; does nothing where the C library has no such function.</summary>
    public static void Trim()
    {
        if (s_absent)
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            s_absent = true;
        }
        catch (DllNotFoundException)
        {
            s_absent = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
