using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>
/// The heap that libtorch's tensors come from. glibc keeps what is freed: without care, resident memory grows by gigabytes over a few hundred training steps
/// although no tensor is left over, and page faults take most of a step. The cure is a setting of the whole process, so a program asks for it:
/// <see cref="TuneForTraining"/>.
/// </summary>
public static partial class NativeMemory
{
    private const int StepsBetweenTrims = 10, StepsBetweenLooks = 100;
    private static bool s_absent = !OperatingSystem.IsLinux();
    private static bool s_tuned;

    /// <summary>Whether <see cref="TuneForTraining"/> has had an effect in this process.</summary>
    public static bool IsTuned => s_tuned;

    /// <summary>
    /// Lets glibc reuse blocks of any size from one heap instead of asking the kernel for fresh pages for every weight-sized tensor: fine-tuning takes
    /// half the time or less, and resident memory stays flat. It changes the heap of the whole process (<c>mallopt</c>: one arena, no mapped blocks, no
    /// trimming; huge pages where the kernel gives them on request), so the library never does it by itself; call it at the start of a program that trains,
    /// on its main thread (huge pages are asked for in that thread's arena) and before the first tensor. Does nothing where the C library has no such settings.
    /// </summary>
    public static void TuneForTraining()
    {
        const int trimThreshold = -1, mmapMax = -4, arenaMax = -8;
        if (s_tuned)
        {
            return;
        }

        WithLibC(() =>
        {
            _ = SetOption(mmapMax, 0);
            _ = SetOption(trimThreshold, -1);
            _ = SetOption(arenaMax, 1); // Heaps of further arenas end at 64 MB.
            s_tuned = true;
            AskForHugePages();
        });
    }

    /// <summary>
    /// Trims at every tenth step: without that a heap that is not tuned grows by gigabytes. One that is tuned is looked at, at every hundredth, and left alone
    /// until the process has taken half of the memory there is: what is given back breaks huge pages up, and steps after it have been seen to take three times
    /// as long, for minutes. Step 0 is that of one example alone, which fresh pages would slow down several times.
    /// </summary>
    internal static void TrimAtStep(int step)
    {
        if (step > 0 && step % (s_tuned ? StepsBetweenLooks : StepsBetweenTrims) == 0
            && (!s_tuned || Environment.WorkingSet > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2))
        {
            Trim();
        }
    }

    /// <summary>Gives back what nobody holds any more: objects that are garbage, with the memory behind them.</summary>
    internal static void Release()
    {
        GC.Collect();
        Trim();
    }

    /// <summary>Gives back all that is free; does nothing where the C library has no such function.</summary>
    internal static void Trim() => WithLibC(() =>
    {
        _ = Trim(0);
        if (s_tuned)
        {
            AskForHugePages();
        }
    });

    /// <summary>
    /// Has the heap grow into addresses for which huge pages were asked for (Linux, "Transparent Hugepage Support"): where a page has 4 kB, the first touch of
    /// every one took up to half of a step of long texts. A block as large as half of the memory is taken and put back at once: it costs addresses, no memory,
    /// and without trimming the heap keeps them.
    /// </summary>
    private static void AskForHugePages()
    {
        const int hugePages = 14;
        const nint page = 2 << 20;
        nint size = (nint)Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, nint.MaxValue), block = Take(size);
        if (block != 0)
        {
            nint first = (block + page - 1) / page * page;
            _ = Advise(first, (block + size - first) / page * page, hugePages);
            GiveBack(block);
        }
    }

    private static void WithLibC(Action call)
    {
        if (s_absent)
        {
            return;
        }

        try
        {
            call();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            s_absent = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc")]
    private static partial nint Take(nint size);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void GiveBack(nint block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
