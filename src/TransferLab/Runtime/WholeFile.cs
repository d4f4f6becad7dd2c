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

    /// <summary>Removes what killed processes left half-written in a folder: temporary files of <see cref="Write"/> that no living process holds.</summary>
    /// <param name="folder">The folder; those in it are not looked at.</param>
    /// <param name="name">The name of the file that was to be written; null for any.</param>
    /// <returns>How many were removed.</returns>
    public static int RemoveLeftovers(string folder, string? name = null)
    {
        int removed = 0;
        foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.tmp").Where(path => IsTemporary(Path.GetFileName(path), name)) : [])
        {
            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    // Whoever writes it holds it, and then this fails.
                }

                File.Delete(path);
                removed++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody is at it, or it is somebody else's.
            }
        }

        return removed;
    }

    // NAME.GUID.tmp
    private static bool IsTemporary(string file, string? name)
    {
        const int guid = 32;
        int dot = file.Length - ".tmp".Length - guid - 1;
        return dot > 0 && file[dot] == '.' && Guid.TryParseExact(file.AsSpan(dot + 1, guid), "N", out _)
            && (name is null || file.AsSpan(0, dot).SequenceEqual(name));
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
