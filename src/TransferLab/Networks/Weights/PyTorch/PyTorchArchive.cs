using System.Numerics;

namespace TransferLab.Networks.Weights;

/// <summary>What <c>torch.save</c> wrote, in either of its forms: the value that was saved, and where the numbers of its storages are.</summary>
/// <param name="Root">The saved value.</param>
/// <param name="Unused">Storages in the file that the value does not mention.</param>
internal sealed record PyTorchArchive(object? Root, IReadOnlyList<string> Unused)
{
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("119547037146038801333356");

    /// <summary>Whether a file begins as the old form does: a pickle of one certain number.</summary>
    public static bool IsLegacy(ReadOnlySpan<byte> head)
    {
        // After the protocol's number, and since protocol 4 the length of a frame.
        ReadOnlySpan<byte> magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        return head is [0x80, ..] && head[..Math.Min(32, head.Length)].IndexOf(magic) is 2 or 11;
    }

    /// <summary>The form since PyTorch 1.6: a zip archive with a pickle, <c>data.pkl</c>, and a file for each storage.</summary>
    public static PyTorchArchive ReadZip(FileBytes file)
    {
        var zip = ZipDirectory.Read(file);
        string[] pickles = zip.Entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)
            && name.IndexOf('/') == name.Length - 9).ToArray();
        if (pickles is not [var pickle])
        {
            string found = string.Join(", ", zip.Entries.Keys.Order(StringComparer.Ordinal).Take(3));
            throw zip.Error(
                $"it holds {(pickles.Length == 0 ? "no" : "more than one")} data.pkl, so it is no PyTorch file (it holds {zip.Entries.Count} entries: {found}, "
                    + $"...)");
        }

        string folder = pickle[..^8];
        if (zip.Entries.ContainsKey(folder + "constants.pkl"))
        {
            throw zip.Error("it is a TorchScript program, which is not executed; save the network's state_dict() instead");
        }

        CheckOrder(file, zip, folder);
        var entry = zip.Stored(pickle)!;
        PickleStorages storages = new();
        FileCursor cursor = new(file, entry.Position, entry.Position + Limited(file, entry.Size), "data.pkl");
        object? root = new PickleReader(cursor, storages.Find).Read();
        foreach (var storage in storages.ByKey.Values)
        {
            var data = zip.Stored($"{folder}data/{storage.Key}");
            storage.Position = data is not null && data.Size == storage.Bytes
                ? data.Position
                : throw zip.Error($"storage '{storage.Key}' should have {storage.Bytes} bytes, but {(data is null ? "is missing" : $"has {data.Size}")}");
        }

        return new(root, zip.Entries.Keys.Where(name => name.StartsWith(folder + "data/", StringComparison.Ordinal)
            && !storages.ByKey.ContainsKey(name[(folder.Length + 5)..])).ToArray());
    }

    /// <summary>The form before: five pickles - a magic number, a version, the system, the value, the storages' keys - and then each storage after its number
    /// of elements.</summary>
    public static PyTorchArchive ReadLegacy(FileBytes file)
    {
        FileCursor cursor = new(file, 0, Math.Min(file.Length, PickleReader.MaxBytes), "the pickle");
        PickleStorages storages = new();
        object? Next() => new PickleReader(cursor, storages.Find).Read();
        if (Next() is not BigInteger magic || magic != LegacyMagic || Next() is not 1001L)
        {
            throw cursor.Error("it is no file of torch.save, or of a version that is not known");
        }

        if (Next() is not PickleDictionary system || system["little_endian"] is not true)
        {
            throw cursor.Error("it was written on a big-endian machine; save it again on an ordinary one");
        }

        object? root = Next();
        if (Next() is not List<object?> keys || keys.Count != storages.ByKey.Count)
        {
            throw cursor.Error($"its list of storages does not name the {storages.ByKey.Count} that it uses");
        }

        long position = cursor.Position;
        foreach (object? key in keys)
        {
            position = Place(file, storages, key, position);
        }

        return position == file.Length
            ? new(root, [])
            : throw new WeightsException($"{file.Path}: {file.Length - position} bytes after the last storage belong to none");
    }

    private static long Place(FileBytes file, PickleStorages storages, object? key, long position)
    {
        if (key is not string name || !storages.ByKey.TryGetValue(name, out var storage) || storage.Position != 0)
        {
            throw new WeightsException($"{file.Path}: its list of storages names '{key as string}', which it does not use, or twice");
        }

        Span<byte> count = stackalloc byte[8];
        if (file.Length - position < 8 || storage.Bytes > file.Length - position - 8)
        {
            throw new WeightsException(
                $"{file.Path}: storage '{name}' needs {storage.Bytes} bytes, but {Math.Max(0, file.Length - position - 8)} are left; the file is cut off");
        }

        file.Read(count, position);
        long claimed = BitConverter.ToInt64(count);
        storage.Position = position + 8;
        return claimed == storage.Count
            ? storage.Position + storage.Bytes
            : throw new WeightsException($"{file.Path}: storage '{name}' has {claimed} elements where its tensors expect {storage.Count}");
    }

    private static void CheckOrder(FileBytes file, ZipDirectory zip, string folder)
    {
        if (zip.Stored(folder + "byteorder") is { } entry)
        {
            byte[] order = new byte[Math.Min(entry.Size, 16)];
            file.Read(order, entry.Position);
            if (!order.AsSpan().SequenceEqual("little"u8))
            {
                throw zip.Error("its numbers are not little-endian; save it again on an ordinary machine");
            }
        }
    }

    private static long Limited(FileBytes file, long size) => size <= PickleReader.MaxBytes
        ? size
        : throw new WeightsException($"{file.Path}: data.pkl has {size} bytes; {PickleReader.MaxBytes} are the limit");
}
