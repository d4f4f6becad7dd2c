using System.Runtime.CompilerServices;
using TransferLab.Runtime;

namespace TransferLab.Tests;

/// <summary>The tests train in a process of their own, as the command does: with its heap.</summary>
internal static class TunedHeap
{
    [ModuleInitializer]
    internal static void Tune() => NativeMemory.TuneForTraining();
}
