namespace TransferLab.Hub;

/// <summary>
/// Fetches models and keeps them. Several threads and processes may share a cache; a break costs what was under way, and the next try goes on from there.
/// </summary>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions _options;
    private readonly HubCache _cache;
    private readonly HubRequests _requests;

    /// <summary>A client.</summary>
    /// <param name="options">Where models come from and are kept; null for what the environment says (<see cref="HubOptions.FromEnvironment"/>).</param>
    public HubClient(HubOptions? options = null)
    {
        _options = options ?? HubOptions.FromEnvironment();
        _cache = new(_options.CacheFolder);
        _requests = new(_options);
    }

    /// <summary>The cache.</summary>
    internal HubCache Cache => _cache;

    /// <summary>A model that is in the cache whole, without asking a server; null where it is not.</summary>
    /// <param name="reference">The model.</param>
    public HubModel? Find(HubReference reference)
    {
        reference = HubReference.Parse(reference.ToString()); // One made in code has not been looked at, and becomes a path.
        if (_cache.CommitOf(reference) is not { } commit)
        {
            return null;
        }

        try
        {
            return Model(reference, commit, FileChoice.Of(reference, _cache.FilesOf(reference, commit)));
        }
        catch (HubException)
        {
            return null; // Only a part of it is here.
        }
    }

    /// <summary>A model: from the cache where it is there whole, and from the hub otherwise.</summary>
    /// <param name="reference">The model.</param>
    /// <param name="progress">Told how far the download is.</param>
    /// <param name="cancellation">Stops; what is fetched stays.</param>
    /// <exception cref="HubException">It cannot be had; one line that says what to do.</exception>
    public async Task<HubModel> GetAsync(HubReference reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default) =>
        Find(reference) ?? (_options.Offline
            ? throw new HubException(Absent(reference, "no server is asked, because HF_HUB_OFFLINE is set"))
            : await FetchAsync(reference, null, progress, cancellation).ConfigureAwait(false));

    /// <summary>Asks the hub for the newest of a revision, and fetches what is not here.</summary>
    /// <param name="reference">The model.</param>
    /// <param name="sha256">What the SHA-256 of its file of weights must be, beside what the hub says; null for nothing.</param>
    /// <param name="progress">Told how far the download is.</param>
    /// <param name="cancellation">Stops; what is fetched stays.</param>
    /// <exception cref="HubException">It cannot be had; one line that says what to do.</exception>
    public async Task<HubModel> FetchAsync(HubReference reference, string? sha256 = null, IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        reference = HubReference.Parse(reference.ToString());
        if (_options.Offline)
        {
            throw new HubException($"{reference}: HF_HUB_OFFLINE is set, and to fetch something a server must be asked; unset it.");
        }

        try
        {
            RemoteModel remote = await _requests.ListAsync(reference, cancellation).ConfigureAwait(false);
            FileChoice choice = FileChoice.Of(reference, [.. remote.Files.Select(file => file.Name)]);
            RemoteFile[] files = [.. choice.All.Select(name => remote.Files.First(file => file.Name == name))];
            if (sha256 is not null && choice.Weights.Count > 1)
            {
                throw new HubException($"{reference}: its weights are {choice.Weights.Count} files, and one SHA-256 is given; name a file.");
            }

            CheckSpace(reference, remote.Commit, files);
            await FetchAsync(reference, remote.Commit, files, file => file == choice.Weights[0] ? sha256 : null, progress, cancellation).ConfigureAwait(false);
            _cache.Remember(reference, remote.Commit);
            return Model(reference, remote.Commit, choice);
        }
        catch (HubException e) when (e.IsUnreachable)
        {
            throw new HubException(Absent(reference, e.Message.Split(". What is")[0][(reference.ToString().Length + 2)..]), e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || e is IOException and not HubException)
        {
            throw new HubException(
                $"{reference} cannot be kept in {_cache.Folder} ({e.Message.TrimEnd('.')}); set HF_HUB_CACHE to a folder of yours with room.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _requests.Dispose();

    private async Task FetchAsync(HubReference model, string commit, RemoteFile[] files, Func<string, string?> sha256, IProgress<HubProgress>? progress,
        CancellationToken cancellation)
    {
        Download download = new(_requests, _cache, _options);
        long before = 0, total = files.Sum(file => file.Size ?? 0);
        foreach (RemoteFile file in files)
        {
            long here = 0;
            void Report(string? note) => progress?.Report(new(file.Name, before + here, Math.Max(total, before + here)) { Note = note });
            await download.FetchAsync(model, commit, file, sha256(file.Name), bytes =>
            {
                here = bytes;
                Report(null);
            }, Report, cancellation).ConfigureAwait(false);
            before += here;
        }
    }

    private void CheckSpace(HubReference model, string commit, RemoteFile[] files)
    {
        Directory.CreateDirectory(_cache.Folder);
        string snapshot = _cache.Snapshot(model, commit);
        long needed = files.Where(file => !HubCache.IsThere(Path.Combine([snapshot, .. file.Name.Split('/')]))
            && !(file.Hash is { } hash && File.Exists(_cache.Blob(model, hash)))).Sum(file => file.Size ?? 0);
        long free = _options.FreeBytes(_cache.Folder);
        if (needed > 0 && needed + _options.Reserve > free)
        {
            throw new HubException(
                $"{model}: takes {needed >> 20} MB, and the disk of {_cache.Folder} has {free >> 20} MB free; make room, or set HF_HUB_CACHE to another disk.");
        }
    }

    private HubModel Model(HubReference reference, string commit, FileChoice choice)
    {
        string folder = _cache.Snapshot(reference, commit);
        return new()
        {
            Reference = reference,
            Commit = commit,
            Folder = folder,
            Path = choice.Open is { } file ? Path.Combine([folder, .. file.Split('/')]) : folder,
        };
    }

    private string Absent(HubReference reference, string why) =>
        $"{reference} is not here whole ({why}): fetch it where there is a network (in Python: hf download {reference.Model}) and copy "
            + $"{Path.GetFileName(_cache.ModelFolder(reference))} into {_cache.Folder}, or name a folder that holds its files.";
}
