using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace TransferLab.Data;

/// <summary>
/// Decodes UTF-8 or UTF-16, with or without byte order mark. Bytes that are neither become <see cref="Invalid"/>, so that whoever
/// parses the text can say in which row they are; the first one's offset is kept.
/// </summary>
internal sealed class StrictReader : TextReader
{
    /// <summary>Stands for bytes that could not be decoded: a code point that Unicode keeps free of characters.</summary>
    public const char Invalid = '\uFFFF';

    private const int Size = 1 << 16;

    private readonly Stream stream;
    private readonly byte[] bytes = new byte[Size];
    private readonly char[] chars = new char[Size + 1];
    private readonly TextEncoding encoding;
    private int start;
    private int end;
    private int next;
    private int count;
    private long offset;
    private bool ended;
    private (long Offset, byte Value)? invalid;

    /// <summary>Takes the stream over and closes it when disposed.</summary>
    public StrictReader(Stream stream)
    {
        this.stream = stream;
        Load();
        encoding = TextEncoding.Detect(bytes.AsSpan(0, end));
        Advance(encoding.MarkLength);
    }

    /// <summary>The first bytes that could not be decoded, if any were met so far: their offset in the file and the first one.</summary>
    public (long Offset, byte Value)? FirstInvalid => invalid;

    /// <summary>"UTF-8" or "UTF-16".</summary>
    public string EncodingName => encoding.Name;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">Its first bytes are those of UTF-32, or of something else than text.</exception>
    public static StrictReader Open(string path)
    {
        StrictReader reader = new(File.OpenRead(path));
        ReadOnlySpan<byte> head = reader.bytes.AsSpan(0, reader.end);
        string? what = head is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..]
            ? "UTF-32, which is not read; save the file as UTF-8"
            : ForeignFile.Describe(head);
        if (what is not null)
        {
            reader.Dispose();
            throw new DataException($"{path}: is {what}.");
        }

        return reader;
    }

    /// <summary>Refuses a row that holds bytes which could not be decoded.</summary>
    /// <exception cref="DataException">With the place given, the first byte and its offset.</exception>
    public void Check(string place, ReadOnlySpan<char> row)
    {
        // The code point may also be in the file as such: only with an offset it stands for bytes.
        if (invalid is { } bad && row.Contains(Invalid))
        {
            throw new DataException(
                $"{place}: the byte 0x{bad.Value:X2} at offset {bad.Offset} is not valid {encoding.Name}; save the file as UTF-8 (Latin-1 and other code pages "
                    + $"are not read).");
        }
    }

    public override int Peek() => next < count || Fill() ? chars[next] : -1;

    public override int Read() => next < count || Fill() ? chars[next++] : -1;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (next == count && !Fill())
        {
            return 0;
        }

        int taken = Math.Min(buffer.Length, count - next);
        chars.AsSpan(next, taken).CopyTo(buffer);
        next += taken;
        return taken;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Fill()
    {
        next = count = 0;
        while (count == 0 && !(ended && start == end))
        {
            Load();
            if (encoding.Wide)
            {
                FromUtf16();
            }
            else
            {
                FromUtf8();
            }
        }

        return count > 0;
    }

    private void Load()
    {
        bytes.AsSpan(start, end - start).CopyTo(bytes);
        end -= start;
        start = 0;
        int read = ended ? 0 : stream.ReadAtLeast(bytes.AsSpan(end), Size - end, throwOnEndOfStream: false);
        end += read;
        ended |= end < Size;
    }

    private void FromUtf8()
    {
        var status = Utf8.ToUtf16(bytes.AsSpan(start, end - start), chars, out int read, out count, replaceInvalidSequences: false, isFinalBlock: ended);
        Advance(read);
        if (status == OperationStatus.InvalidData)
        {
            Replace(1);
        }
    }

    private void FromUtf16()
    {
        while (end - start >= 2)
        {
            char unit = Unit(start);
            if (!char.IsSurrogate(unit))
            {
                chars[count++] = unit;
                Advance(2);
            }
            else if (end - start >= 4 && char.IsSurrogatePair(unit, Unit(start + 2)))
            {
                chars[count++] = unit;
                chars[count++] = Unit(start + 2);
                Advance(4);
            }
            else if (end - start < 4 && !ended)
            {
                return;
            }
            else
            {
                Replace(2);
            }
        }

        if (ended && end > start)
        {
            Replace(1);
        }
    }

    private char Unit(int at) => (char)(encoding.BigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)));

    private void Replace(int length)
    {
        invalid ??= (offset, bytes[start]);
        chars[count++] = Invalid;
        Advance(length);
    }

    private void Advance(int length)
    {
        start += length;
        offset += length;
    }
}
