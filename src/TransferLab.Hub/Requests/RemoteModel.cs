using System.Text.Json;

namespace TransferLab.Hub;

/// <summary>What the hub says of a model: its commit and its files, checked.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">Its files.</param>
internal sealed record RemoteModel(string Commit, IReadOnlyList<RemoteFile> Files)
{
    private const int MostFiles = 100_000, MostDepth = 32;
    private const long MostBytes = 1L << 50;

    /// <summary>Reads the hub's answer.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="from">Who gave it, for messages.</param>
    /// <exception cref="HubException">It is none, or holds a name that leads out of the model's folder.</exception>
    public static RemoteModel Read(ReadOnlyMemory<byte> json, string from)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new() { MaxDepth = MostDepth });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "sha") is not { } commit || !HubCache.IsCommit(commit)
                || !root.TryGetProperty("siblings", out JsonElement siblings) || siblings.ValueKind != JsonValueKind.Array)
            {
                throw new HubException($"{from}: the answer is no listing of a model (no commit 'sha' and files 'siblings'): is HF_ENDPOINT a hub?");
            }

            if (siblings.GetArrayLength() > MostFiles)
            {
                throw new HubException($"{from}: lists {siblings.GetArrayLength()} files, and a model has at most {MostFiles}.");
            }

            RemoteFile[] files = [.. siblings.EnumerateArray().Select(item => File(item, from))];
            return files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Distinct().Count() > 1) is { } twice
                && !OperatingSystem.IsLinux()
                ? throw new HubException($"{from}: lists '{RemotePath.Shown(twice.Key)}' twice, in other capitals: these would be one file here.")
                : new(commit, [.. files.DistinctBy(file => file.Name)]);
        }
        catch (JsonException e)
        {
            throw new HubException($"{from}: the answer is no JSON: is HF_ENDPOINT a hub, and no page for logging in between?", e);
        }
    }

    private static RemoteFile File(JsonElement item, string from)
    {
        string name = item.ValueKind == JsonValueKind.Object && Text(item, "rfilename") is { } given
            ? given
            : throw new HubException($"{from}: lists a file without a name ('rfilename').");
        if (RemotePath.Fault(name) is { } fault)
        {
            throw new HubException($"{from}: lists the file '{RemotePath.Shown(name)}', which {fault}: nothing is fetched from a model with such a name.");
        }

        bool isLarge = item.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
        string? hash = (isLarge ? Text(lfs, "sha256") ?? Text(lfs, "oid") : Text(item, "blobId"))?.ToLowerInvariant();
        long? size = (isLarge ? Number(lfs, "size") : null) ?? Number(item, "size");
        if (hash is not null && !ContentHash.IsHash(hash) || size is < 0 or > MostBytes)
        {
            throw new HubException($"{from}: says of '{RemotePath.Shown(name)}' a hash or a size that cannot be.");
        }

        return new(name, size, hash);
    }

    private static string? Text(JsonElement item, string key) => item.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()
        : null;

    private static long? Number(JsonElement item, string key) =>
        item.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.TryGetInt64(out long number) ? number : -1 : null;
}
