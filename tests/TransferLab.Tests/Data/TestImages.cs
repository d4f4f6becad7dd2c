using System.Buffers.Binary;
using SkiaSharp;

namespace TransferLab.Tests.Data;

/// <summary>A temporary folder, and image files made in it.</summary>
internal sealed class TestImages : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public static SKBitmap Draw(int width, int height, Func<int, int, SKColor> colour)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var pixels = new SKColor[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = colour(i % width, i / width);
        }

        bitmap.Pixels = pixels;
        return bitmap;
    }

    public static SKColor Noise(int x, int y) => new((uint)((x * 2654435761u) ^ (y * 40503u * 977u)) | 0xFF000000u);

    /// <summary>Smooth enough for JPEG, different in every corner.</summary>
    public static Func<int, int, SKColor> Gradient(int width, int height) =>
        (x, y) => new((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)(255 - (x * 127 / width) - (y * 127 / height)));

    public string Save(string name, SKBitmap bitmap, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 100)
    {
        using var data = bitmap.Encode(format, quality);
        return Save(name, data.ToArray());
    }

    public string Save(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string SaveNoise(string name, int width, int height, int seed)
    {
        using var bitmap = Draw(width, height, (x, y) => Noise(x + (seed * 1009), y));
        return Save(name, bitmap);
    }

    /// <summary>A JPEG with an EXIF segment that holds the orientation alone, right after its first marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, ushort orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>A PNG's signature and header without pixels.</summary>
    public static byte[] PngHeader(int width, int height)
    {
        byte[] header = [.. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), height);
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk(header), .. Chunk([.. "IDAT"u8, 0x78, 0x9C])];
    }

    /// <summary>Length, type and data, checksum of a PNG chunk.</summary>
    public static byte[] Chunk(byte[] typeAndData)
    {
        byte[] chunk = new byte[typeAndData.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, typeAndData.Length - 4);
        typeAndData.CopyTo(chunk, 4);
        uint crc = uint.MaxValue;
        foreach (byte value in typeAndData)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), ~crc);
        return chunk;
    }

    /// <summary>A PNG of raw rows, each with its filter byte.</summary>
    public static byte[] Png(int width, int height, byte depth, byte colourType, byte[] rows, byte[]? palette = null)
    {
        byte[] header = [.. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, depth, colourType, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), height);
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        byte[] colours = palette is null ? [] : Chunk([.. "PLTE"u8, .. palette]);
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk(header), .. colours,
            .. Chunk([.. "IDAT"u8, .. packed.ToArray()]), .. Chunk([.. "IEND"u8]),
        ];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
