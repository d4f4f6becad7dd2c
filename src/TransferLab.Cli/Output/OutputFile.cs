namespace TransferLab.Cli;

/// <summary>The file that a command is to leave, looked at before the work that fills it.</summary>
internal static class OutputFile
{
    /// <summary>Sees to it that a model can be written there.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="extensions">What it may end in, two or more.</param>
    /// <exception cref="ArgumentException">It ends in something else, is a folder, or its folder cannot be made or written to.</exception>
    public static void Check(string option, string path, params string[] extensions)
    {
        if (!extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{option} {path}: a model is written as {string.Join(", ", extensions[..^1])} or {extensions[^1]}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path))
        {
            throw new ArgumentException($"{option} {path}: is a folder; name a file in it.");
        }

        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{option} {path}: its folder cannot be written to ({e.Message}).", e);
        }
    }
}
