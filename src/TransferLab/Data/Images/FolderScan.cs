namespace TransferLab.Data;

/// <summary>Finds the image files of class folders, and counts what it passes over.</summary>
internal sealed class FolderScan
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private readonly SortedDictionary<string, int> ignored = new(StringComparer.Ordinal);

    /// <summary>Files that are not images, by extension.</summary>
    public IReadOnlyDictionary<string, int> Ignored => ignored;

    /// <summary>Images that lie beside the class folders instead of in one.</summary>
    public int Outside { get; private set; }

    /// <summary>The folders and files that are not hidden, ordinally sorted.</summary>
    public static (IReadOnlyList<DirectoryInfo> Folders, IReadOnlyList<FileInfo> Files) List(string folder)
    {
        try
        {
            var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything)
                .Where(entry => !IsHidden(entry.Name))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ToArray();
            return (entries.OfType<DirectoryInfo>().ToArray(), entries.OfType<FileInfo>().ToArray());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder} cannot be listed: {e.Message}", e);
        }
    }

    /// <summary>For each class folder in a folder: its name, and its images at any depth in ordinal order.</summary>
    public IReadOnlyList<(string Class, IReadOnlyList<string> Files)> Classes(string folder, string? except = null)
    {
        var (folders, files) = List(folder);
        Outside += files.Count(file => IsImage(file.Name));
        var classes = new List<(string, IReadOnlyList<string>)>();
        foreach (var sub in folders.Where(sub => sub.FullName != except))
        {
            classes.Add((sub.Name, Images(sub)));
        }

        return classes;
    }

    /// <summary>The images of a folder at any depth, in ordinal order.</summary>
    public IReadOnlyList<string> Images(DirectoryInfo folder)
    {
        List<string> found = [];
        Walk(folder, RealPath(folder), [], found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Whether a file is named as an image.</summary>
    public static bool IsImage(string name) => ImageFile.Extensions.Contains(Path.GetExtension(name).ToLowerInvariant());

    // A link to a folder around it, or to one already walked through, would lead in a circle.
    private void Walk(DirectoryInfo folder, string? real, HashSet<string> visited, List<string> found)
    {
        if (real is null || !visited.Add(real))
        {
            return;
        }

        var (folders, files) = List(folder.FullName);
        foreach (var file in files)
        {
            if (IsImage(file.Name))
            {
                found.Add(file.FullName);
            }
            else
            {
                string extension = file.Extension.Length > 0 ? file.Extension.ToLowerInvariant() : "no extension";
                ignored[extension] = ignored.GetValueOrDefault(extension) + 1;
            }
        }

        foreach (var sub in folders)
        {
            string? target = sub.LinkTarget is null ? Path.Combine(real, sub.Name) : RealPath(sub);
            if (target is not null && !(real + Path.DirectorySeparatorChar).StartsWith(target + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                Walk(sub, target, visited, found);
            }
        }
    }

    private static string? RealPath(DirectoryInfo folder)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator((folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName);
        }
        catch (IOException)
        {
            return null; // links that only lead to each other
        }
    }

    private static bool IsHidden(string name) =>
        name.StartsWith('.') || name is "__MACOSX" || name.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase)
        || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase);
}
