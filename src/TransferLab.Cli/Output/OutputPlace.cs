namespace TransferLab.Cli;

/// <summary>What every output needs, a file or a folder: a place that can be written to, with room. Looked at before the work, which may take hours.</summary>
internal static class OutputPlace
{
    /// <summary>Sees to it that a folder is there and can be written to.</summary>
    /// <param name="what">The option and its value, for messages.</param>
    /// <param name="folder">The folder; made where it is not there.</param>
    /// <exception cref="ArgumentException">It cannot be made or written to.</exception>
    public static void CheckWritable(string what, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using FileStream probe = new(Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
            probe.WriteByte(0); // On a full disk a file can be made, and holds nothing.
            probe.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{what}: its folder cannot be written to ({ErrorLine.Of(e).TrimEnd('.')}); name another one.", e);
        }
    }

    /// <summary>Sees to it that there is room.</summary>
    /// <param name="what">The option and its value, for messages.</param>
    /// <param name="folder">A folder that is there.</param>
    /// <param name="bytes">What the output may take.</param>
    /// <exception cref="IOException">There is less.</exception>
    public static void CheckSpace(string what, string folder, long bytes)
    {
        if (FreeBytes(Path.GetFullPath(folder)) is { } free && free < bytes)
        {
            throw new IOException(
                $"{what}: {Reporting.Figures.Bytes(free)} are free there, and up to {Reporting.Figures.Bytes(bytes)} are needed; free some, or name another "
                    + $"place.");
        }
    }

    /// <summary>Sees to it that temporary files can be written.</summary>
    /// <exception cref="IOException">They cannot; the message names the folder and the variable that chooses it.</exception>
    public static void CheckTemporary()
    {
        string folder = Path.GetTempPath();
        try
        {
            using FileStream probe = new(Path.Combine(folder, $"transferlab-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None,
                bufferSize: 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
            probe.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";
            throw new IOException(
                $"{folder}: temporary files cannot be written there ({ErrorLine.Of(e).TrimEnd('.')}); make the folder, or name another one in {variable}.", e);
        }
    }

    /// <summary>The free bytes of a folder's file system; null where the system does not say.</summary>
    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // A network share, say: the writing will tell.
        }
    }
}
