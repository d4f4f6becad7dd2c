using System.Buffers.Binary;
using System.Text;

namespace TransferLab.Networks.Weights;

/// <summary>Reads a part of a file from front to back, and refuses to go beyond its end.</summary>
/// <param name="file">The file.</param>
/// <param name="start">First byte of the part.</param>
/// <param name="end">The byte after its last.</param>
/// <param name="what">Name of the part for messages: "the header".</param>
internal sealed class FileCursor(FileBytes file, long start, long end, string what)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly byte[] buffer = new byte[Math.Max(1, Math.Min(1 << 16, end - start))];
    private long bufferStart = start;
    private int next;
    private int filled;

    /// <summary>Where in the file the next byte is.</summary>
    public long Position => bufferStart + next;

    /// <summary>How many bytes of the part are left.</summary>
    public long Remaining => end - Position;

    public byte Byte() => Small(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Small(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Small(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Small(8));

    /// <summary>A few bytes, at most 256; valid until the next call.</summary>
    public ReadOnlySpan<byte> Small(int count)
    {
        if (filled - next < count)
        {
            Require((ulong)count);
            Fill();
        }

        next += count;
        return buffer.AsSpan(next - count, count);
    }

    /// <summary>Bytes, all of which must be in the part before room is made for them.</summary>
    public byte[] Bytes(ulong count)
    {
        Require(count);
        byte[] bytes = new byte[count];
        int buffered = (int)Math.Min((ulong)(filled - next), count);
        buffer.AsSpan(next, buffered).CopyTo(bytes);
        next += buffered;
        if (buffered < bytes.Length)
        {
            file.Read(bytes.AsSpan(buffered), Position);
            MoveTo(Position + bytes.Length - buffered);
        }

        return bytes;
    }

    /// <summary>A text of so many bytes of UTF-8.</summary>
    public string Text(ulong count)
    {
        try
        {
            return count <= 256 ? StrictUtf8.GetString(Small((int)count)) : StrictUtf8.GetString(Bytes(count));
        }
        catch (DecoderFallbackException e)
        {
            throw Error($"a text before byte {Position} is not valid UTF-8", e);
        }
    }

    /// <summary>A line of ASCII without its end, of at most 256 characters.</summary>
    public string Line()
    {
        StringBuilder line = new();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (line.Length == 256 || next is < (byte)' ' or > (byte)'~')
            {
                throw Error($"the line before byte {Position} is no short line of plain text");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    public void Skip(long count)
    {
        Require((ulong)count);
        MoveTo(Position + count);
    }

    /// <summary>Refuses a count that is larger than what is left.</summary>
    public void Require(ulong count)
    {
        if (count > (ulong)Remaining || count > (ulong)Array.MaxLength)
        {
            throw Error($"{count} bytes are wanted at byte {Position}, but {Remaining} are left");
        }
    }

    public WeightsException Error(string problem, Exception? inner = null) => new($"{file.Path}: {what}: {problem}", inner);

    private void MoveTo(long position)
    {
        if (position <= bufferStart + filled)
        {
            next = (int)(position - bufferStart);
            return;
        }

        (bufferStart, next, filled) = (position, 0, 0);
    }

    private void Fill()
    {
        int kept = filled - next;
        buffer.AsSpan(next, kept).CopyTo(buffer);
        bufferStart += next;
        next = 0;
        filled = (int)Math.Min(buffer.Length, end - bufferStart);
        file.Read(buffer.AsSpan(kept, filled - kept), bufferStart + kept);
    }
}
