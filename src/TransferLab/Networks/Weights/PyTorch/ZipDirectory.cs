using System.Buffers.Binary;
using System.Text;

namespace TransferLab.Networks.Weights;

/// <summary>One file of a zip archive.</summary>
/// <param name="Name">Its name, with slashes.</param>
/// <param name="Method">0 where it is stored as it is.</param>
/// <param name="HeaderAt">First byte of its own header.</param>
/// <param name="Size">Bytes that it takes in the archive.</param>
internal sealed record ZipEntry(string Name, int Method, long HeaderAt, long Size)
{
    /// <summary>First byte in the archive.</summary>
    public long Position { get; init; }

    public long End => Position + Size;
}

/// <summary>
/// The table of contents of a zip archive (APPNOTE.TXT of PKWARE), with 64-bit sizes. Only what is stored as it is can be read, as PyTorch writes it: that
/// cannot unpack into more than the file holds. Nothing is unpacked to disk; all the same, names that would lead out of a folder are refused.
/// </summary>
internal sealed class ZipDirectory
{
    private const long MaxBytes = 64 << 20;
    private readonly FileBytes file;
    private readonly Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);

    private ZipDirectory(FileBytes file) => this.file = file;

    public IReadOnlyDictionary<string, ZipEntry> Entries => entries;

    public static ZipDirectory Read(FileBytes file)
    {
        ZipDirectory directory = new(file);
        var (count, size, start) = directory.Locate();
        if (size > MaxBytes)
        {
            throw directory.Error($"its table of contents has {size} bytes; {MaxBytes} are the limit");
        }

        FileCursor cursor = new(file, start, start + size, "the zip archive's table of contents");
        for (; count > 0; count--)
        {
            directory.Add(directory.Entry(cursor));
        }

        if (cursor.Remaining > 0)
        {
            throw directory.Error($"{cursor.Remaining} bytes of its table of contents belong to no entry");
        }

        directory.CheckLayout(start);
        return directory;
    }

    /// <summary>An entry to be read, or null where there is none.</summary>
    /// <exception cref="WeightsException">It is compressed.</exception>
    public ZipEntry? Stored(string name) => !entries.TryGetValue(name, out var entry) ? null
        : entry.Method == 0 ? entry
        : throw Error($"'{name}' is compressed (method {entry.Method}), and PyTorch stores files as they are; pack it again without compression");

    public WeightsException Error(string problem) => new($"{file.Path}: the zip archive: {problem}");

    // The end record, or the 64-bit one that it points to.
    private (long Count, long Size, long Start) Locate()
    {
        int length = (int)Math.Min(file.Length, 22 + ushort.MaxValue);
        byte[] tail = new byte[length];
        long tailStart = file.Length - length;
        file.Read(tail, tailStart);
        for (int i = length - 22; i >= 0; i--)
        {
            var end = tail.AsSpan(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == 0x06054b50 && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == end.Length - 22)
            {
                bool single = BinaryPrimitives.ReadUInt32LittleEndian(end[4..]) == 0;
                long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
                long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
                long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
                long at = tailStart + i;
                return Checked(Locate64(at) ?? (single ? (count, size, start, at) : throw Error("it is one of several parts; join them first")));
            }
        }

        throw Error("it has no table of contents; the file is cut off");
    }

    private (long Count, long Size, long Start, long End)? Locate64(long end)
    {
        if (end < 20 + 56)
        {
            return null;
        }

        Span<byte> locator = stackalloc byte[20];
        file.Read(locator, end - 20);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != 0x07064b50)
        {
            return null;
        }

        ulong at = BinaryPrimitives.ReadUInt64LittleEndian(locator[8..]);
        Span<byte> record = stackalloc byte[56];
        if (at > (ulong)(end - 20 - 56))
        {
            throw Error("its 64-bit end record lies beyond its end");
        }

        file.Read(record, (long)at);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == 0x06064b50 && BinaryPrimitives.ReadUInt32LittleEndian(record[16..]) == 0
            ? (BinaryPrimitives.ReadInt64LittleEndian(record[32..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[48..]), (long)at)
            : throw Error("its 64-bit end record is damaged");
    }

    private (long Count, long Size, long Start) Checked((long Count, long Size, long Start, long End) place) =>
        place.Count >= 0 && place.Size >= 0 && place.Start >= 0 && place.Size <= place.End && place.Start <= place.End - place.Size
            && place.Count <= place.Size / 46
            ? (place.Count, place.Size, place.Start)
            : throw Error($"it claims {place.Count} entries in {place.Size} bytes at byte {place.Start}, which do not lie before its end record");

    private ZipEntry Entry(FileCursor cursor)
    {
        byte[] fixedPart = cursor.Bytes(46);
        var record = fixedPart.AsSpan();
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(record[8..]);
        ushort method = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        long headerAt = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != 0x02014b50)
        {
            throw Error("an entry of its table of contents is damaged");
        }

        string name = cursor.Text(BinaryPrimitives.ReadUInt16LittleEndian(record[28..]));
        byte[] extra = cursor.Bytes(BinaryPrimitives.ReadUInt16LittleEndian(record[30..]));
        cursor.Skip(BinaryPrimitives.ReadUInt16LittleEndian(record[32..]));
        Large(extra, ref size, ref packed, ref headerAt);
        CheckName(name);
        return (flags & 1) != 0 ? throw Error($"'{name}' is encrypted")
            : (method == 0 && packed != size) || packed < 0 || headerAt < 0 ? throw Error($"'{name}' has two sizes, {packed} and {size} bytes")
            : WithPosition(new(name, method, headerAt, packed), BinaryPrimitives.ReadUInt16LittleEndian(record[28..]));
    }

    // Sizes of 4 GB and more are in an extra field, each only where the ordinary one is full.
    private static void Large(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long headerAt)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            var field = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            if (id == 1)
            {
                Take(ref field, ref size);
                Take(ref field, ref packed);
                Take(ref field, ref headerAt);
            }
        }

        static void Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value == uint.MaxValue && field.Length >= 8)
            {
                value = BinaryPrimitives.ReadInt64LittleEndian(field);
                field = field[8..];
            }
        }
    }

    private ZipEntry WithPosition(ZipEntry entry, int nameLength)
    {
        if (entry.HeaderAt > file.Length - 30 - nameLength)
        {
            throw Error($"'{entry.Name}' begins at byte {entry.HeaderAt} of {file.Length}; the file is cut off");
        }

        byte[] header = new byte[30 + nameLength];
        file.Read(header, entry.HeaderAt);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x04034b50 || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) != nameLength
            || !header.AsSpan(30).SequenceEqual(Encoding.UTF8.GetBytes(entry.Name)))
        {
            throw Error($"'{entry.Name}' has another name in its own header, or none");
        }

        long position = entry.HeaderAt + 30 + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        return entry.Size <= file.Length - position
            ? entry with { Position = position }
            : throw Error($"'{entry.Name}' claims {entry.Size} bytes, but {Math.Max(0, file.Length - position)} are left of the file");
    }

    private void CheckName(string name)
    {
        if (name.Length == 0 || name[0] is '/' or '\\' || name.Contains('\\') || name.Contains(':') || name.Split('/').Contains(".."))
        {
            throw Error($"the name '{name}' leads out of the archive");
        }
    }

    private void Add(ZipEntry entry)
    {
        if (!entries.TryAdd(entry.Name, entry))
        {
            throw Error($"'{entry.Name}' appears twice");
        }
    }

    private void CheckLayout(long directoryStart)
    {
        ZipEntry? before = null;
        foreach (var entry in entries.Values.OrderBy(entry => entry.HeaderAt))
        {
            if (before is not null && before.End > entry.HeaderAt)
            {
                throw Error($"'{before.Name}' and '{entry.Name}' overlap");
            }

            before = entry;
        }

        if (before is not null && before.End > directoryStart)
        {
            throw Error($"'{before.Name}' overlaps the table of contents");
        }
    }
}
