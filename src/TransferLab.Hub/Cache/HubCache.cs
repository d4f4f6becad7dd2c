using System.Text.RegularExpressions;

namespace TransferLab.Hub;

/// <summary>
/// The folder of fetched models, in the layout of the hub's Python library: <c>models--OWNER--NAME</c> with <c>blobs</c> (files by their hash), <c>refs</c> (a
/// branch's commit) and <c>snapshots</c> (a commit's files, as links to blobs).
/// </summary>
internal sealed partial class HubCache(string folder)
{
    private const int RefLength = 200;

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>A model's folder.</summary>
    public string ModelFolder(HubReference model) => Path.Combine(Folder, $"models--{model.Owner}--{model.Name}");

    /// <summary>A commit's files.</summary>
    public string Snapshot(HubReference model, string commit) => Path.Combine(ModelFolder(model), "snapshots", commit);

    /// <summary>A file by its hash.</summary>
    public string Blob(HubReference model, string hash) => Path.Combine(ModelFolder(model), "blobs", hash);

    /// <summary>The lock of a file by its hash.</summary>
    public string LockOf(HubReference model, string hash) => Path.Combine(Folder, ".locks", $"models--{model.Owner}--{model.Name}", hash + ".lock");

    /// <summary>Whether a text is a commit.</summary>
    public static bool IsCommit(string text) => Commit().IsMatch(text);

    /// <summary>The commit of a revision, as it was when it was fetched; null where it never was.</summary>
    public string? CommitOf(HubReference model)
    {
        if (IsCommit(model.Revision) && Directory.Exists(Snapshot(model, model.Revision)))
        {
            return model.Revision;
        }

        string file = Reference(model);
        try
        {
            return File.Exists(file) && new FileInfo(file).Length < RefLength && File.ReadAllText(file).Trim() is { } commit && IsCommit(commit)
                ? commit
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{file}: cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>Keeps which commit a revision is.</summary>
    public void Remember(HubReference model, string commit)
    {
        if (IsCommit(model.Revision))
        {
            return;
        }

        string file = Reference(model), temporary = $"{file}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(temporary, commit);
        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>The names of a commit's files that are here, with <c>/</c> between folders; links that lead nowhere are none.</summary>
    public IReadOnlyList<string> FilesOf(HubReference model, string commit)
    {
        string root = Snapshot(model, commit);
        return !Directory.Exists(root) ? [] :
        [
            .. Directory.EnumerateFiles(root, "*",
                new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.None })
                .Where(IsThere)
                .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Puts a file of a commit where programs look for it: a link to its blob, or, where there can be no links, the file itself.</summary>
    public void Link(HubReference model, string commit, string file, string hash)
    {
        string root = Snapshot(model, commit), place = Path.Combine([root, .. file.Split('/')]), blob = Blob(model, hash);
        if (IsThere(place))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        try
        {
            if (new FileInfo(place).LinkTarget is not null)
            {
                File.Delete(place); // A link that leads nowhere.
            }

            File.CreateSymbolicLink(place, Path.GetRelativePath(Path.GetDirectoryName(place)!, blob));
        }
        catch (Exception e) when ((e is IOException or UnauthorizedAccessException or PlatformNotSupportedException) && !IsThere(place))
        {
            string temporary = $"{place}.{Guid.NewGuid():N}.tmp";
            File.Copy(blob, temporary);
            File.Move(temporary, place, overwrite: true);
        }
    }

    /// <summary>Every model that is here, by name.</summary>
    public IReadOnlyList<HubReference> Models() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateDirectories(Folder, "models--*")
            .Select(path => Path.GetFileName(path).Split("--"))
            .Where(parts => parts is [_, { Length: > 0 }, { Length: > 0 }])
            .Select(parts => new HubReference(parts[1], parts[2]))
            .OrderBy(model => model.Model, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Whether a path is a file, or a link that leads to one.</summary>
    public static bool IsThere(string path) => new FileInfo(path) is { LinkTarget: not null } link
        ? link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true }
        : File.Exists(path);

    private string Reference(HubReference model) => Path.Combine([ModelFolder(model), "refs", .. model.Revision.Split('/')]);

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();
}
