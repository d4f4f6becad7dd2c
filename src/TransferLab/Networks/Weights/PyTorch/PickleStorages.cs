namespace TransferLab.Networks.Weights;

/// <summary>The storages that a pickle refers to, by key.</summary>
internal sealed class PickleStorages
{
    private readonly Dictionary<string, PickleStorage> byKey = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, PickleStorage> ByKey => byKey;

    /// <summary>
    /// What stands for a persistent id: <c>("storage", class, key, device, elements)</c>, in old files with one item more, a part of that storage or None.
    /// </summary>
    /// <returns>Null where it is no such id.</returns>
    public StoragePart? Find(object?[] id)
    {
        if (id is not ["storage", PickleGlobal { IsStorage: true } kind, string key, string, long count, ..] || id.Length > 6)
        {
            return null;
        }

        if (count < 0 || count > long.MaxValue / 8)
        {
            throw new FormatException($"storage '{key}' claims {count} elements");
        }

        if (!byKey.TryGetValue(key, out var storage))
        {
            byKey.Add(key, storage = new(key, kind.Type, count));
        }
        else if (storage.Type != kind.Type || storage.Count != count)
        {
            throw new FormatException($"storage '{key}' is described in two ways");
        }

        object? part = id.Length == 6 ? id[5] : null;
        return part switch
        {
            null => new(storage, 0, count),
            object?[] and [string, long offset, long size] when offset >= 0 && size >= 0 && size <= count && offset <= count - size =>
                new(storage, offset, size),
            _ => throw new FormatException($"a part of storage '{key}' lies outside of it"),
        };
    }
}
