using System.ComponentModel;
using System.Diagnostics;

namespace TransferLab.Cli;

/// <summary>Other programs that this one starts.</summary>
internal static class ChildProcess
{
    /// <summary>Starts one. The caller disposes it.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="remedy">What to do where it cannot be started, in half a sentence.</param>
    /// <exception cref="IOException">It cannot be started; the message says why.</exception>
    public static Process Start(ProcessStartInfo start, string remedy)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException($"'{start.FileName}' cannot be started; {remedy}.");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{e.Message.TrimEnd('.')}; {remedy}.", e);
        }
    }
}
