namespace TransferLab.Cli;

/// <summary>Folders that are filled whole or not at all: under another name first, then moved.</summary>
internal static class WholeFolder
{
    /// <summary>Fills a new or empty folder by way of a temporary one, which does not outlive a failure.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="write">Makes the folder whose path it is given, and fills it.</param>
    public static void Write(string folder, Action<string> write)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), mark = $".{Guid.NewGuid():N}.tmp";
        bool isThere = Directory.Exists(place); // Then it stays what it is, such as a mount or the folder that the user stands in.
        string temporary = isThere ? Path.Combine(place, mark) : place + mark;
        try
        {
            write(temporary);
            if (!isThere)
            {
                Directory.Move(temporary, place);
                return;
            }

            foreach (string part in Directory.GetFileSystemEntries(temporary))
            {
                Directory.Move(part, Path.Combine(place, Path.GetFileName(part)));
            }

            Directory.Delete(temporary);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not made yet, or the failure that brought us here says more.
        }
    }
}
