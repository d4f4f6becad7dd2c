using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>
/// Gives freed heap back to the system. glibc keeps it: without this, resident memory grows by gigabytes over a few hundred training steps
/// although no tensor is left over.
/// </summary>
internal static partial class NativeMemory
{
    private const int StepsBetweenTrims = 100;
    private static bool s_absent = !OperatingSystem.IsLinux();

    /// <summary>
    /// Trims at every hundredth step: a safeguard. At every tenth, fresh pages cost a sixth of the time. Step 0 is that of one example alone, which fresh pages
    /// would slow down several times.
    /// </summary>
    public static void TrimAtStep(int step)
    {
        if (step > 0 && step % StepsBetweenTrims == 0)
        {
            Trim();
        }
    }

    /// <summary>Gives back all that is free; does nothing where the C library has no such function.</summary>
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

    /// <summary>
    /// Lets glibc reuse blocks of any size from one heap instead of asking the kernel for fresh pages for every weight-sized tensor: page
    /// faults took two thirds of a training step. Once, before the first tensor. Resident memory then stays flat over hundreds of steps.
    /// </summary>
    public static void ReuseLargeBlocks()
    {
        const int trimThreshold = -1, mmapMax = -4, arenaMax = -8;
        if (s_absent)
        {
            return;
        }

        try
        {
            _ = SetOption(mmapMax, 0);
            _ = SetOption(trimThreshold, int.MaxValue);
            _ = SetOption(arenaMax, 1); // Heaps of further arenas end at 64 MB.
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

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
