namespace TransferLab.Hub;

/// <summary>A model in the cache as it lies there: what takes room, whether it is what it was, and its removal.</summary>
internal sealed class CachedModel(HubCache cache, HubReference model)
{
    private const string Unfinished = ".incomplete";
    private readonly string _folder = cache.ModelFolder(model);

    /// <summary>The model.</summary>
    public HubReference Model { get; } = model;

    /// <summary>Its folder.</summary>
    public string Folder => _folder;

    /// <summary>Bytes on the disk; links take none.</summary>
    public long Bytes => Files("").Where(file => file.LinkTarget is null).Sum(file => file.Length);

    /// <summary>Downloads that were not finished.</summary>
    public int Incomplete => Files("blobs").Count(file => file.Name.EndsWith(Unfinished, StringComparison.Ordinal));

    /// <summary>The revisions that are here by name, each with its commit.</summary>
    public IReadOnlyList<(string Revision, string Commit)> Revisions =>
    [
        .. Files("refs").Select(file => Path.GetRelativePath(Path.Combine(_folder, "refs"), file.FullName).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal).Select(revision => (revision, cache.CommitOf(Model with { Revision = revision }) ?? "damaged")),
    ];

    /// <summary>Compares every file with the hash that it is called by.</summary>
    /// <returns>How many are right, and what is not: one line each.</returns>
    public async Task<(int Right, IReadOnlyList<string> Faults)> VerifyAsync(CancellationToken cancellation)
    {
        int right = 0;
        List<string> faults = [];
        foreach (FileInfo blob in Files("blobs").OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (blob.Name.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                faults.Add($"{blob.FullName}: not finished; the next download of the model goes on with it");
            }
            else if (!ContentHash.IsHash(blob.Name))
            {
                faults.Add($"{blob.FullName}: is called by no hash, so that nothing can be said of it");
            }
            else if (await ContentHash.OfAsync(blob.FullName, blob.Name, cancellation).ConfigureAwait(false) == blob.Name)
            {
                right++;
            }
            else
            {
                faults.Add($"{blob.FullName}: is not what it was; remove it, and fetch the model again");
            }
        }

        foreach (FileInfo file in Files("snapshots").OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            if (!HubCache.IsThere(file.FullName))
            {
                faults.Add($"{file.FullName}: leads to a file that is not there; fetch the model again");
            }
            else if (file.LinkTarget is null)
            {
                faults.Add($"{file.FullName}: is a copy and no link, so that its hash is not known");
            }
        }

        return (right, faults);
    }

    /// <summary>Removes it; other models are not touched.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long Remove()
    {
        long bytes = Bytes;
        Directory.Delete(_folder, recursive: true);
        string locks = Path.GetDirectoryName(cache.LockOf(Model, "x"))!;
        if (Directory.Exists(locks))
        {
            Directory.Delete(locks, recursive: true);
        }

        return bytes;
    }

    private IEnumerable<FileInfo> Files(string part)
    {
        DirectoryInfo folder = new(Path.Combine(_folder, part));
        return folder.Exists
            ? folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.None })
            : [];
    }
}
