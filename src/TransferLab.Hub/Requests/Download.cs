using System.Net;

namespace TransferLab.Hub;

/// <summary>Fetches one file into the cache: under a lock, resumed where it broke off, compared with its hash, and moved to its place whole.</summary>
internal sealed class Download(HubRequests requests, HubCache cache, HubOptions options)
{
    /// <summary>Fetches a file, or finds that it is here.</summary>
    /// <param name="model">The model.</param>
    /// <param name="commit">Its commit.</param>
    /// <param name="file">The file as listed.</param>
    /// <param name="sha256">What its SHA-256 must be beside what the hub says; null for nothing.</param>
    /// <param name="advance">Told how many bytes of this file are here.</param>
    /// <param name="note">Told what a person should know.</param>
    /// <param name="cancellation">Stops; what is here stays, to go on from.</param>
    public async Task FetchAsync(HubReference model, string commit, RemoteFile file, string? sha256, Action<long> advance, Action<string> note,
        CancellationToken cancellation)
    {
        RemoteFile known = file.Hash is not null ? file : await AskAsync(model, commit, file, sha256, cancellation).ConfigureAwait(false);
        string blob = cache.Blob(model, known.Hash!);
        using (await FileLock.TakeAsync(cache.LockOf(model, known.Hash!), () => note($"{file.Name}: another process fetches it; waiting"), cancellation)
            .ConfigureAwait(false))
        {
            if (!File.Exists(blob) || known.Size is { } size && new FileInfo(blob).Length != size)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
                await WholeAsync(model, commit, known, blob, advance, note, cancellation).ConfigureAwait(false);
            }

            if (sha256 is not null && await ContentHash.OfAsync(blob, sha256, cancellation).ConfigureAwait(false) is var found && found != sha256)
            {
                throw new HubException($"{model}, {file.Name}: its SHA-256 is {found}, and {sha256} was asked for.");
            }

            cache.Link(model, commit, file.Name, known.Hash!);
            advance(new FileInfo(blob).Length);
        }
    }

    // Where the listing names no hash, the answer to a request for the file does.
    private async Task<RemoteFile> AskAsync(HubReference model, string commit, RemoteFile file, string? sha256, CancellationToken cancellation) =>
        await requests.RetryAsync(model, async token =>
        {
            using HttpResponseMessage response = await requests.GetAsync(model, commit, file.Name, 0, token).ConfigureAwait(false);
            FileFacts facts = FileFacts.Of(response);
            return file with { Size = file.Size ?? facts.Bytes, Hash = facts.Content ?? sha256 ?? throw NoHash(model, file) };
        }, cancellation).ConfigureAwait(false);

    private async Task WholeAsync(HubReference model, string commit, RemoteFile file, string blob, Action<long> advance, Action<string> note,
        CancellationToken cancellation)
    {
        string incomplete = blob + ".incomplete";
        bool resumed = File.Exists(incomplete) && new FileInfo(incomplete).Length > 0;
        if (resumed)
        {
            note($"{file.Name}: goes on where it stopped");
        }

        while (true)
        {
            long before = -1;
            await requests.RetryAsync(model, token => RestAsync(model, commit, file, incomplete, advance, token), cancellation, () =>
            {
                long have = File.Exists(incomplete) ? new FileInfo(incomplete).Length : 0;
                (bool advanced, before) = (have > before + (1 << 16), have);
                resumed |= have > 0;
                return advanced;
            }).ConfigureAwait(false);
            string found = await ContentHash.OfAsync(incomplete, file.Hash!, cancellation).ConfigureAwait(false);
            if (found == file.Hash)
            {
                File.Move(incomplete, blob, overwrite: true);
                return;
            }

            File.Delete(incomplete);
            if (!resumed)
            {
                throw new HubException(
                    $"{model}, {file.Name}: what came is not what the hub says it is (hash {found[..12]}..., not {file.Hash![..12]}...): it was changed on the "
                        + $"way. It is not kept; try again, or another network.");
            }

            (resumed, before) = (false, -1);
            note($"{file.Name}: the pieces do not make the file; it is fetched anew");
        }
    }

    /// <returns>True once all bytes are here.</returns>
    private async Task<bool> RestAsync(HubReference model, string commit, RemoteFile file, string incomplete, Action<long> advance,
        CancellationToken cancellation)
    {
        long have = File.Exists(incomplete) ? new FileInfo(incomplete).Length : 0;
        if (have == file.Size && have > 0)
        {
            return true;
        }

        if (have > file.Size)
        {
            File.Delete(incomplete);
            have = 0;
        }

        using HttpResponseMessage response = await requests.GetAsync(model, commit, file.Name, have, cancellation).ConfigureAwait(false);
        string host = response.RequestMessage!.RequestUri!.Authority;
        FileFacts facts = Checked(FileFacts.Of(response), model, commit, file, host);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            File.Delete(incomplete);
            throw new PassingException($"{host} cannot go on from byte {have} of {file.Name}");
        }

        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent;
        if (goesOn && (response.Content.Headers.ContentRange is not { HasRange: true } range || range.From != have))
        {
            throw new HubException($"{model}, {file.Name}: {host} sends another piece than was asked for.");
        }

        long? size = file.Size ?? facts.Bytes;
        FileStream stream = new(incomplete, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
        await using (stream.ConfigureAwait(false))
        {
            await CopyAsync(response, stream, size, $"{model}, {file.Name}", host, advance, cancellation).ConfigureAwait(false);
            if (size is not null && stream.Length < size)
            {
                throw new PassingException($"{host} sent {stream.Length} of {size} bytes of {file.Name}");
            }
        }

        return true;
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream stream, long? size, string what, string host, Action<long> advance,
        CancellationToken cancellation) =>
        await Body.CopyAsync(response, options.Timeout, host, async (piece, token) =>
        {
            if (stream.Length + piece.Length > size)
            {
                throw new HubException($"{what}: {host} sends more than the {size} bytes that the file has; nothing of it is used.");
            }

            if (size is null && options.FreeBytes(cache.Folder) < options.Reserve + piece.Length)
            {
                throw new HubException(
                    $"{what}: the disk of {cache.Folder} is full, and {host} does not say how long the file is; make room, or set HF_HUB_CACHE to another "
                        + $"disk.");
            }

            await stream.WriteAsync(piece, token).ConfigureAwait(false);
            advance(stream.Length);
        }, cancellation).ConfigureAwait(false);

    private static FileFacts Checked(FileFacts facts, HubReference model, string commit, RemoteFile file, string host)
    {
        if (facts.AtCommit is { } other && other != commit)
        {
            throw new HubException($"{model}, {file.Name}: {host} answers with another commit than was asked for; try again.");
        }

        if (facts.Content is { } hash && hash.Length == file.Hash!.Length && hash != file.Hash || facts.Bytes is { } bytes && file.Size is { } size
            && bytes != size)
        {
            throw new HubException($"{model}, {file.Name}: the hub's listing and its answer for the file name another hash or size; nothing is fetched.");
        }

        return facts;
    }

    private static HubException NoHash(HubReference model, RemoteFile file) =>
        new($"{model}, {file.Name}: the server names no hash, so that the file cannot be checked; use another HF_ENDPOINT, or give the file's SHA-256.");
}
