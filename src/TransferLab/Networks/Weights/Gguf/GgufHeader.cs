using System.Numerics;
using System.Runtime.InteropServices;

namespace TransferLab.Networks.Weights;

/// <summary>Reads the header of a GGUF file, version 2 or 3, and believes nothing of it.</summary>
internal sealed class GgufHeader
{
    private const long MaxBytes = 256 << 20;
    private const ulong MaxItems = 100_000; // metadata, and tensors
    private const long MaxTexts = 4_000_000;
    private const long MaxAlignment = 1 << 20;
    private readonly FileBytes file;
    private readonly FileCursor cursor;
    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GgufType> types = new(StringComparer.Ordinal);
    private long texts;

    private GgufHeader(FileBytes file)
    {
        this.file = file;
        cursor = new(file, 0, Math.Min(file.Length, MaxBytes), "the header");
        Metadata = new(file.Path);
    }

    public uint Version { get; private set; }

    public GgufMetadata Metadata { get; }

    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    public IReadOnlyDictionary<string, GgufType> Types => types;

    /// <summary>Where the data begin, which offsets count from.</summary>
    public long DataStart { get; private set; }

    public static GgufHeader Read(FileBytes file)
    {
        GgufHeader header = new(file);
        header.ReadAll();
        return header;
    }

    private void ReadAll()
    {
        if (!cursor.Small(4).SequenceEqual("GGUF"u8))
        {
            throw cursor.Error("it does not begin with GGUF");
        }

        Version = cursor.UInt32();
        if (Version is not (2 or 3))
        {
            throw cursor.Error((Version & 0xFFFF) == 0 && Version != 0
                ? "the file is big-endian; convert it for an ordinary machine"
                : $"its version is {Version}; 2 and 3 are read");
        }

        ulong tensorCount = Count(cursor.UInt64(), 24, "tensors");
        for (ulong left = Count(cursor.UInt64(), 13, "metadata"); left > 0; left--)
        {
            ReadMetadata();
        }

        if (Metadata.Integer("split.count") is > 1 and var parts)
        {
            throw cursor.Error($"the file is one of {parts} parts; join them first (llama-gguf-split)");
        }

        long alignment = Metadata.Integer("general.alignment") ?? 32;
        if (alignment is < 8 or > MaxAlignment || alignment % 8 != 0)
        {
            throw cursor.Error($"general.alignment is {alignment}, not a multiple of 8 up to {MaxAlignment}");
        }

        for (; tensorCount > 0; tensorCount--)
        {
            ReadTensor(alignment);
        }

        DataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        CheckLayout();
    }

    // What is claimed must at least fit into what is left.
    private ulong Count(ulong count, ulong leastBytes, string what) => count <= MaxItems && count * leastBytes <= (ulong)cursor.Remaining
        ? count
        : throw cursor.Error($"it claims {count} {what}, but {cursor.Remaining} bytes are left and {MaxItems} are the limit");

    private string Text() => cursor.Text(cursor.UInt64());

    private void ReadMetadata()
    {
        ulong length = cursor.UInt64();
        if (length is 0 or > ushort.MaxValue)
        {
            throw cursor.Error($"a key of {length} bytes; 1 to {ushort.MaxValue} are allowed");
        }

        string key = cursor.Text(length);
        uint type = cursor.UInt32();
        object value = type == 9 ? ReadArray(key) : ReadValue(key, type);
        if (!Metadata.TryAdd(key, value))
        {
            throw cursor.Error($"the metadata '{key}' appear twice");
        }
    }

    private object ReadValue(string key, uint type) => type switch
    {
        0 => cursor.Byte(),
        1 => (sbyte)cursor.Byte(),
        2 => cursor.UInt16(),
        3 => (short)cursor.UInt16(),
        4 => cursor.UInt32(),
        5 => (int)cursor.UInt32(),
        6 => BitConverter.UInt32BitsToSingle(cursor.UInt32()),
        7 => Flag(key, cursor.Byte()),
        8 => OneText(),
        10 => cursor.UInt64(),
        11 => (long)cursor.UInt64(),
        12 => BitConverter.UInt64BitsToDouble(cursor.UInt64()),
        _ => throw cursor.Error($"the metadata '{key}' are of the unknown type {type}"),
    };

    private Array ReadArray(string key)
    {
        uint type = cursor.UInt32();
        ulong count = cursor.UInt64();
        return type switch
        {
            0 => Numbers<byte>(count),
            1 => Numbers<sbyte>(count),
            2 => Numbers<ushort>(count),
            3 => Numbers<short>(count),
            4 => Numbers<uint>(count),
            5 => Numbers<int>(count),
            6 => Numbers<float>(count),
            7 => Array.ConvertAll(Numbers<byte>(count), value => Flag(key, value)),
            8 => Texts(key, count),
            9 => throw cursor.Error($"the metadata '{key}' are a list of lists, which is not read"),
            10 => Numbers<ulong>(count),
            11 => Numbers<long>(count),
            12 => Numbers<double>(count),
            _ => throw cursor.Error($"the metadata '{key}' are a list of the unknown type {type}"),
        };
    }

    private T[] Numbers<T>(ulong count)
        where T : unmanaged, INumber<T>
    {
        ulong size = (ulong)Marshal.SizeOf<T>();
        cursor.Require(count > ulong.MaxValue / size ? ulong.MaxValue : count * size);
        return MemoryMarshal.Cast<byte, T>(cursor.Bytes(count * size)).ToArray();
    }

    private string[] Texts(string key, ulong count)
    {
        if (count > (ulong)cursor.Remaining / 8 || count > (ulong)(MaxTexts - texts))
        {
            throw cursor.Error($"the metadata '{key}' claim {count} texts, but {cursor.Remaining} bytes are left and {MaxTexts} are the limit");
        }

        string[] list = new string[count];
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = OneText();
        }

        return list;
    }

    private string OneText() => ++texts <= MaxTexts ? Text() : throw cursor.Error($"it holds more than {MaxTexts} texts");

    private bool Flag(string key, byte value) => value <= 1
        ? value == 1
        : throw cursor.Error($"the metadata '{key}' hold a truth value that is neither 0 nor 1");

    private void ReadTensor(long alignment)
    {
        ulong length = cursor.UInt64();
        if (length is 0 or > 64)
        {
            throw cursor.Error($"a tensor's name of {length} bytes; 1 to 64 are allowed");
        }

        string name = cursor.Text(length);
        uint dimensions = cursor.UInt32();
        if (dimensions > 4)
        {
            throw Error(name, $"it has {dimensions} dimensions; 4 are the limit");
        }

        long[] shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--) // The file begins with the fastest.
        {
            ulong size = cursor.UInt64();
            shape[i] = size <= long.MaxValue ? (long)size : throw Error(name, $"a dimension of {size} is too large");
        }

        var type = GgufType.Of(cursor.UInt32());
        ulong offset = cursor.UInt64();
        if (offset % (ulong)alignment != 0 || offset > (ulong)file.Length)
        {
            throw Error(name, $"its offset {offset} is not a multiple of {alignment}, or lies beyond the file's {file.Length} bytes");
        }

        long bytes = Bytes(name, type, shape);
        if (!tensors.TryAdd(name, new(name, type.Name, shape) { Begin = (long)offset, End = checked((long)offset + bytes) }))
        {
            throw Error(name, "appears twice");
        }

        types.Add(name, type);
    }

    private long Bytes(string name, GgufType type, long[] shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            // An empty dimension does not excuse the others; eight bytes are the most that a value takes anywhere.
            count = count <= long.MaxValue / 16 / Math.Max(1, size)
                ? count * Math.Max(1, size)
                : throw Error(name, $"its shape [{string.Join(", ", shape)}] overflows");
        }

        long row = shape.Length == 0 ? 1 : shape[^1];
        return row % type.Block != 0 ? throw Error(name, $"its rows of {row} values are not whole blocks of {type.Block} ({type.Name})")
            : shape.Contains(0) ? 0
            : count / type.Block * type.Bytes;
    }

    private void CheckLayout()
    {
        long available = Math.Max(0, file.Length - DataStart);
        TensorEntry? before = null;
        foreach (var entry in tensors.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End > available)
            {
                throw Error(entry.Name, $"it ends at byte {entry.End} of the data, but the file holds {available}; it may be cut off");
            }

            if (before is not null && entry.Begin < before.End)
            {
                throw Error(entry.Name, $"it overlaps tensor '{before.Name}'");
            }

            before = entry;
        }
    }

    private WeightsException Error(string tensor, string problem) => new($"{file.Path}: tensor '{tensor}': {problem}");
}
