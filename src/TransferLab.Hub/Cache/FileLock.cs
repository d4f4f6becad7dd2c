namespace TransferLab.Hub;

/// <summary>
/// A lock between processes: an open file that nobody else may open so. Goes with the process that holds it. On Linux and macOS it is the lock that the hub's
/// Python library takes (flock).
/// </summary>
internal static class FileLock
{
    // Of Linux, of macOS, and the two of Windows: what says that another holds it, among all that may be wrong with a file.
    private static readonly int[] s_held = [11, 35, 32, 33];
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a lock.</summary>
    /// <param name="path">Its file, which stays.</param>
    /// <param name="waits">Told once, where another process holds it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<IDisposable> TakeAsync(string path, Action waits, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool isTold = false;
        while (true)
        {
            if (Try(path) is { } held)
            {
                return held;
            }

            if (!isTold)
            {
                isTold = true;
                waits();
            }

            await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
        }
    }

    private static FileStream? Try(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (s_held.Contains(e.HResult & 0xFFFF))
        {
            return null;
        }
    }
}
