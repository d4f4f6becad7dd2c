namespace TransferLab.Data;

/// <summary>Finds the image files of class folders, and counts what it passes over.</summary>
internal sealed class FolderScan
{
    private const int MostLinks = 40; // As many as systems follow.
    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private static readonly EnumerationOptions s_below = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
        RecurseSubdirectories = true,
    };
    private static readonly HashSet<string> s_system = new(
        ["__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found", "Thumbs.db", "desktop.ini"],
            StringComparer.OrdinalIgnoreCase);

    private readonly SortedDictionary<string, int> _ignored = new(StringComparer.Ordinal), _hidden = new(StringComparer.Ordinal);

    /// <summary>Files that are not images, by extension.</summary>
    public IReadOnlyDictionary<string, int> Ignored => _ignored;

    /// <summary>Images that are hidden or lie in a folder that is, or that the system made: how many, by the name of the folder or of what begins with a
    /// dot.</summary>
    public IReadOnlyDictionary<string, int> Hidden => _hidden;

    /// <summary>Folders with images beside the class folders that begin with a dot.</summary>
    public List<string> DottedClasses { get; } = [];

    /// <summary>Images that lie beside the class folders instead of in one.</summary>
    public int Outside { get; private set; }

    /// <summary>The folders and files that are not hidden, ordinally sorted.</summary>
    public static (IReadOnlyList<DirectoryInfo> Folders, IReadOnlyList<FileInfo> Files) List(string folder)
    {
        FileSystemInfo[] entries = [.. Entries(folder).Where(entry => !IsHidden(entry.Name))];
        return (entries.OfType<DirectoryInfo>().ToArray(), entries.OfType<FileInfo>().ToArray());
    }

    /// <summary>For each class folder in a folder: its name, and its images at any depth in ordinal order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="except">Path of a folder that is no class.</param>
    /// <param name="dotted">Whether folders that begin with a dot and hold images are classes.</param>
    public IReadOnlyList<(string Class, IReadOnlyList<string> Files)> Classes(string folder, string? except = null, bool dotted = false)
    {
        List<(string, IReadOnlyList<string>)> classes = [];
        foreach (FileSystemInfo entry in Entries(folder))
        {
            bool isFolder = entry is DirectoryInfo;
            if (dotted && isFolder && entry.Name.StartsWith('.') ? !HoldsImages(entry) : IsHidden(entry.Name))
            {
                int images = PassOver(entry);
                if (isFolder && images > 0 && entry.Name.StartsWith('.'))
                {
                    DottedClasses.Add(entry.Name);
                }
            }
            else if (entry is DirectoryInfo sub && sub.FullName != except)
            {
                classes.Add((sub.Name, Images(sub)));
            }
            else if (entry is FileInfo file)
            {
                Outside += IsImage(file.Name) ? 1 : 0;
                Ignore(file);
            }
        }

        return classes;
    }

    /// <summary>The images of a folder at any depth, in ordinal order.</summary>
    public IReadOnlyList<string> Images(DirectoryInfo folder)
    {
        RequireName(folder.FullName);
        List<string> found = [];
        Walk(folder, RealPath(folder.FullName), [], found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Whether a file is named as an image.</summary>
    public static bool IsImage(string name) => ImageFile.Extensions.Contains(Path.GetExtension(name).ToLowerInvariant());

    /// <summary>Whether an image lies in a folder at any depth, hidden ones aside.</summary>
    public static bool HoldsImages(FileSystemInfo folder) => new FolderScan().Images((DirectoryInfo)folder).Count > 0;

    private static FileSystemInfo[] Entries(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", s_everything).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder} cannot be listed: {e.Message}", e);
        }
    }

    // .NET shows bytes that are no UTF-8 as this character, and then cannot find the folder.
    private static void RequireName(string folder)
    {
        if (folder.Contains('\uFFFD') && !Directory.Exists(folder))
        {
            throw new DataException($"{folder}: the folder's name is not UTF-8; rename it.");
        }
    }

    // A link to a folder around it, or to one already walked through, would lead in a circle.
    private void Walk(DirectoryInfo folder, string? real, HashSet<string> visited, List<string> found)
    {
        if (real is null || !visited.Add(real))
        {
            return;
        }

        foreach (FileSystemInfo entry in Entries(folder.FullName))
        {
            if (IsHidden(entry.Name))
            {
                PassOver(entry);
            }
            else if (entry is DirectoryInfo sub)
            {
                RequireName(sub.FullName);
                string? target = sub.LinkTarget is null ? Path.Combine(real, sub.Name) : RealPath(Path.Combine(real, sub.Name));
                if (target is not null && !(real + Path.DirectorySeparatorChar).StartsWith(target + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    Walk(sub, target, visited, found);
                }
            }
            else if (IsImage(entry.Name))
            {
                found.Add(entry.FullName);
            }
            else
            {
                Ignore((FileInfo)entry);
            }
        }
    }

    private void Ignore(FileInfo file)
    {
        if (!IsImage(file.Name))
        {
            string extension = file.Extension.Length > 0 ? file.Extension.ToLowerInvariant() : "no extension";
            _ignored[extension] = _ignored.GetValueOrDefault(extension) + 1;
        }
    }

    /// <summary>Counts the images that are left out with a hidden file or folder.</summary>
    private int PassOver(FileSystemInfo entry)
    {
        int images = entry is DirectoryInfo { LinkTarget: null } folder ? folder.EnumerateFiles("*", s_below).Count(file => IsImage(file.Name))
            : entry is FileInfo && IsImage(entry.Name) ? 1 : 0;
        if (images > 0)
        {
            _hidden[entry.Name] = _hidden.GetValueOrDefault(entry.Name) + images;
        }

        return images;
    }

    /// <summary>The path without links, part by part from the root on; null where links lead to each other alone.</summary>
    private static string? RealPath(string path, int links = MostLinks)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        if (RealPath(parent, links) is not { } real)
        {
            return null;
        }

        try
        {
            DirectoryInfo here = new(Path.Combine(real, Path.GetFileName(full)));
            return here.LinkTarget is null ? here.FullName
                : links > 0 && here.ResolveLinkTarget(returnFinalTarget: false) is { } target ? RealPath(target.FullName, links - 1)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsHidden(string name) => name.StartsWith('.') || s_system.Contains(name);
}
