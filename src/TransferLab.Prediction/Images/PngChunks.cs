using System.Buffers.Binary;
using SkiaSharp;

namespace TransferLab.Data;

/// <summary>Chunks of a PNG (https://www.w3.org/TR/png-3/) that the decoder does not read, such as the orientation, which the third edition of the standard
/// brought.</summary>
internal static class PngChunks
{
    private const int SignatureLength = 8, HeaderLength = 8, ChecksumLength = 4;
    private const ushort OrientationTag = 0x0112, ShortType = 3;

    /// <summary>Where the first pixel belongs by the chunk <c>eXIf</c>; null in another format, or without one.</summary>
    public static SKEncodedOrigin? Orientation(ReadOnlySpan<byte> file) =>
        Find(file, "eXIf"u8, out ReadOnlySpan<byte> exif) && Orientation(exif, out int value) ? (SKEncodedOrigin)value : null;

    /// <summary>The content of the first chunk of a type.</summary>
    public static bool Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        int at = SignatureLength;
        while (Next(file, ref at, out ReadOnlySpan<byte> chunk, out content))
        {
            if (chunk.SequenceEqual(type))
            {
                return true;
            }
        }

        content = default;
        return false;
    }

    /// <summary>The compressed pixels: the contents of all chunks <c>IDAT</c>.</summary>
    public static byte[] Pixels(ReadOnlySpan<byte> file)
    {
        using MemoryStream pixels = new(file.Length);
        int at = SignatureLength;
        while (Next(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content))
        {
            if (type.SequenceEqual("IDAT"u8))
            {
                pixels.Write(content);
            }
        }

        return pixels.ToArray();
    }

    private static bool Next(ReadOnlySpan<byte> file, scoped ref int at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        type = content = default;
        if (at + HeaderLength > file.Length
            || !file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']))
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - HeaderLength)
        {
            return false;
        }

        type = file.Slice(at + 4, 4);
        content = file.Slice(at + HeaderLength, (int)length);
        at += HeaderLength + (int)length + ChecksumLength;
        return true;
    }

    // The first directory of a TIFF: a count of entries, each of tag, type, count and value in twelve bytes.
    private static bool Orientation(ReadOnlySpan<byte> exif, out int value)
    {
        value = 0;
        bool big = exif.StartsWith("MM\0*"u8);
        if (exif.Length < 10 || (!big && !exif.StartsWith("II*\0"u8)))
        {
            return false;
        }

        uint directory = big ? BinaryPrimitives.ReadUInt32BigEndian(exif[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]);
        if (directory > exif.Length - 2)
        {
            return false;
        }

        int entries = Short(exif, (int)directory, big);
        for (int i = 0, at = (int)directory + 2; i < entries && at + 12 <= exif.Length; i++, at += 12)
        {
            if (Short(exif, at, big) == OrientationTag && Short(exif, at + 2, big) == ShortType)
            {
                value = Short(exif, at + 8, big);
                return value is >= 1 and <= 8;
            }
        }

        return false;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, int at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
