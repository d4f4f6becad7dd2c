namespace TransferLab.Cli;

/// <summary>The files and folders that a command reads: what it writes may be none of them.</summary>
internal sealed class Inputs
{
    private static readonly StringComparison s_comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
    private readonly List<(string Name, string Path, bool IsData)> _all = [];

    /// <summary>Adds a file, or a folder of which parts are read; null and what is not there are passed over, as the reading will tell.</summary>
    /// <param name="name">What it is, for messages: an option or argument.</param>
    /// <param name="path">The path.</param>
    public Inputs Add(string name, string? path)
    {
        if (path is not null && Path.Exists(path))
        {
            _all.Add((name, Real(path), Directory.Exists(path)));
        }

        return this;
    }

    /// <summary>Sees to it that a file to be written is none that is read.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="isEarlierOutput">Whether a file that is there is what such a command wrote before, which may be written anew.</param>
    /// <exception cref="ArgumentException">It is an input, or a file of another kind that is there in a folder that is one.</exception>
    public void CheckFile(string option, string path, Predicate<string> isEarlierOutput)
    {
        string real = Real(path);
        foreach ((string name, string input, bool isFolder) in _all)
        {
            if (real.Equals(input, s_comparison))
            {
                throw new ArgumentException($"{option} {path}: that is what {name} reads, and inputs are never overwritten; name another file.");
            }

            if (isFolder && IsInside(real, input) && File.Exists(path) && !isEarlierOutput(path))
            {
                throw new ArgumentException(
                    $"{option} {path}: is there already, in the folder that {name} reads, and inputs are never overwritten; name another file.");
            }
        }
    }

    /// <summary>Sees to it that a folder to be filled is neither a folder that is read nor in one, and that nothing which is read lies where files will be
    /// written.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="parts">Names of the files and folders that are written in it.</param>
    /// <exception cref="ArgumentException">One of those; the message says which.</exception>
    public void CheckFolder(string option, string folder, IReadOnlyList<string> parts)
    {
        string real = Real(folder);
        foreach ((string name, string input, bool isFolder) in _all)
        {
            if (isFolder && (real.Equals(input, s_comparison) || IsInside(real, input)))
            {
                throw new ArgumentException(
                    $"{option} {folder}: lies in the folder that {name} reads, which the next run would take for data; name a folder outside of it with "
                        + $"{option}.");
            }

            if (parts.Select(part => Path.Combine(real, part)).FirstOrDefault(part => input.Equals(part, s_comparison) || IsInside(input, part)) is { } written)
            {
                throw new ArgumentException(
                    $"{option} {folder}: {name} reads {input}, which may be overwritten there; name another folder, or copy that first.");
            }
        }
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, s_comparison)
        || (Path.GetPathRoot(folder) == folder && path.StartsWith(folder, s_comparison) && path.Length > folder.Length);

    /// <summary>The path without links: of what is there of it, from the root on.</summary>
    private static string Real(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        string here = Path.Combine(Real(parent), Path.GetFileName(full));
        try
        {
            FileSystemInfo info = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
            return info.LinkTarget is null ? here : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return here; // What opens it will say why.
        }
    }
}
