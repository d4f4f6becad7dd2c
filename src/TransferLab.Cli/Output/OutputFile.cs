using TransferLab.Comparison;
using TransferLab.Runtime;

namespace TransferLab.Cli;

/// <summary>The file that a command is to leave, looked at before the work that fills it.</summary>
internal static class OutputFile
{
    private const long LeastBytes = 1 << 20; // What a file takes at least; of a model the size is known later.

    /// <summary>Sees to it that a model can be written there.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="inputs">What the command reads.</param>
    /// <param name="extensions">What it may end in.</param>
    /// <exception cref="ArgumentException">It ends in something else, is a folder or an input, or its folder cannot be made or written to.</exception>
    /// <exception cref="IOException">There is no room, or none for temporary files.</exception>
    public static void CheckModel(string option, string path, Inputs inputs, params string[] extensions)
    {
        CheckName(option, path, extensions);
        Check(option, path, inputs, isEarlierOutput: _ => true); // No input in a folder ends so.
        OutputPlace.CheckTemporary();
    }

    /// <summary>Sees to it that a model's file is named for one of its forms.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="extensions">What it may end in.</param>
    /// <exception cref="ArgumentException">It ends in something else.</exception>
    public static void CheckName(string option, string path, params string[] extensions)
    {
        if (!extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            string allowed = extensions.Length == 1 ? extensions[0] : $"{string.Join(", ", extensions[..^1])} or {extensions[^1]}";
            throw new ArgumentException($"{option} {path}: it is written as {allowed}; let the file's name end so.");
        }
    }

    /// <summary>Sees to it that a table can be written there.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="inputs">What the command reads.</param>
    /// <exception cref="ArgumentException">It is a folder or an input, or its folder cannot be made or written to.</exception>
    /// <exception cref="IOException">There is no room.</exception>
    public static void CheckTable(string option, string path, Inputs inputs) => Check(option, path, inputs, IsTable);

    /// <summary>Sees to it that a model of a size has room there, as soon as the size is known.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file, or a folder that is filled.</param>
    /// <param name="bytes">What it may take.</param>
    /// <exception cref="IOException">There is no room.</exception>
    public static void CheckSpace(string option, string path, long bytes) =>
        OutputPlace.CheckSpace($"{option} {path}", Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!, bytes);

    private static void Check(string option, string path, Inputs inputs, Predicate<string> isEarlierOutput)
    {
        if (path.Length == 0 || Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new ArgumentException($"{option} {path}: is a folder; name a file in it.");
        }

        inputs.CheckFile(option, path, isEarlierOutput);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        OutputPlace.CheckWritable($"{option} {path}", folder);
        OutputPlace.CheckSpace($"{option} {path}", folder, LeastBytes);
        WholeFile.RemoveLeftovers(folder, Path.GetFileName(path));
    }

    private static bool IsTable(string path)
    {
        try
        {
            using StreamReader reader = new(path);
            return reader.ReadLine() == PredictionFile.Header;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
