namespace TransferLab.Runtime;

/// <summary>Files that are written whole or not at all: beside their place first, then moved.</summary>
public static class WholeFile
{
    /// <summary>Writes a file by way of a temporary one beside it, which does not outlive a failure. Makes the folder if need be.</summary>
    /// <exception cref="IOException">The disk is full, or the place cannot be written to; what was there before is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        string temporary = $"{path}.{Guid.NewGuid():N}.tmp"; // Two writers do not share one.
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here says more.
        }
    }
}
