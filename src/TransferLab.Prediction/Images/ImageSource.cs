using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using SkiaSharp;

namespace TransferLab.Data;

/// <summary>An image file whose header has been read and found acceptable.</summary>
internal sealed class ImageSource : IDisposable
{
    private static readonly byte[] JpegEnd = [0xFF, 0xD9];
    private readonly string path;
    private readonly byte[] bytes;
    private readonly int length;
    private readonly GCHandle pin;
    private readonly SKData data;
    private readonly SKCodec codec;
    private readonly SKEncodedOrigin _origin;

    private ImageSource(string path, byte[] bytes, int length, GCHandle pin, SKData data, SKCodec codec)
    {
        (this.path, this.bytes, this.length, this.pin, this.data, this.codec) = (path, bytes, length, pin, data, codec);
        _origin = PngChunks.Orientation(bytes.AsSpan(0, length)) ?? codec.EncodedOrigin;
        bool turned = _origin >= SKEncodedOrigin.LeftTop;
        (Width, Height) = turned ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
    }

    /// <summary>Width of the upright picture.</summary>
    public int Width { get; }

    /// <summary>Height of the upright picture.</summary>
    public int Height { get; }

    /// <summary>Whether the picture that was decoded last held values of 12 bits in 16, as cameras and scanners write them.</summary>
    public bool IsTwelveBit { get; private set; }

    public long Pixels => (long)Width * Height;

    public static ImageSource Open(string path)
    {
        byte[] bytes = ReadFile(path, out int length);
        var pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        SKData? data = null;
        SKCodec? codec = null;
        try
        {
            data = SKData.Create(pin.AddrOfPinnedObject(), length);
            codec = SKCodec.Create(data);
            if (codec is null)
            {
                throw new UnreadableImageException(path, WhyNot(bytes.AsSpan(0, length)));
            }

            var (width, height) = (codec.Info.Width, codec.Info.Height);
            if (width <= 0 || height <= 0 || (long)width * height > ImageFile.MaxPixels)
            {
                throw new UnreadableImageException(path, $"{width} x {height} pixels exceed the limit of {ImageFile.MaxPixels / 1_000_000} million");
            }

            return new ImageSource(path, bytes, length, pin, data, codec);
        }
        catch
        {
            codec?.Dispose();
            data?.Dispose();
            pin.Free();
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>Decodes to RGBA on white, upright, no smaller than <paramref name="scale"/> times the full size where the format can be decoded
    /// small.</summary>
    public Picture Decode(double scale)
    {
        var info = codec.Info;
        var (width, height, eighths) = (info.Width, info.Height, 8);
        if (scale < 1 && codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
        {
            (width, height, eighths) = ScaledSize(scale);
        }

        // Premultiplied values lie on white once the missing coverage is added; without a colour space nothing is converted.
        var target = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, null);
        var picture = Picture.Rent(width, height, eighths / 8.0);
        try
        {
            var result = picture.WithPointer(pointer => codec.GetPixels(target, pointer, width * 4, SKCodecOptions.Default));
            if (result != SKCodecResult.Success)
            {
                throw new UnreadableImageException(path, Describe(result, target, picture));
            }

            if (info.AlphaType != SKAlphaType.Opaque)
            {
                picture.LayOnWhite();
            }
            else
            {
                IsTwelveBit = DeepPng.Brighten(bytes.AsSpan(0, length), picture);
            }

            return picture.Orient(_origin, info.Width, info.Height);
        }
        catch
        {
            picture.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        codec.Dispose();
        data.Dispose();
        pin.Free();
        ArrayPool<byte>.Shared.Return(bytes);
    }

    // libjpeg scales by eighths while decoding and rounds sizes up; a size that is no such one is not trusted.
    private (int Width, int Height, int Eighths) ScaledSize(double scale)
    {
        var info = codec.Info;
        for (int eighths = Math.Max(1, (int)Math.Ceiling(scale * 8)); eighths < 8; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (size.Width == ((info.Width * eighths) + 7) / 8 && size.Height == ((info.Height * eighths) + 7) / 8)
            {
                return (size.Width, size.Height, eighths);
            }
        }

        return (info.Width, info.Height, 8);
    }

    private string Describe(SKCodecResult result, SKImageInfo target, Picture picture)
    {
        if (result is not (SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput))
        {
            // The decoder calls a progressive JPEG that is cut off invalid, as everything else.
            bool ends = codec.EncodedFormat != SKEncodedImageFormat.Jpeg || bytes.AsSpan(0, length)[Math.Max(0, length - 1024)..].IndexOf(JpegEnd) >= 0;
            return ends ? $"cannot be decoded ({result})" : "truncated";
        }

        string what = result == SKCodecResult.IncompleteInput ? "truncated" : "damaged";
        int rows = picture.WithPointer(pointer => RowsDecoded(target, pointer));
        return rows < 0 ? what : $"{what} after {100L * rows / target.Height} %";
    }

    private int RowsDecoded(SKImageInfo target, IntPtr pointer)
    {
        int rows;
        if (codec.StartScanlineDecode(target) == SKCodecResult.Success)
        {
            rows = codec.GetScanlines(pointer, target.Height, target.RowBytes);
            return rows < target.Height ? rows : -1;
        }

        if (codec.StartIncrementalDecode(target, pointer, target.RowBytes) == SKCodecResult.Success)
        {
            return codec.IncrementalDecode(out rows) != SKCodecResult.Success && rows < target.Height ? rows : -1;
        }

        return -1;
    }

    private static byte[] ReadFile(string path, out int length)
    {
        byte[]? bytes = null;
        try
        {
            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long size = RandomAccess.GetLength(handle);
            if (size == 0)
            {
                throw new UnreadableImageException(path, "empty file");
            }

            if (size > 1 << 30)
            {
                throw new UnreadableImageException(path, $"{size >> 20} MB exceed the limit of 1024 MB");
            }

            bytes = ArrayPool<byte>.Shared.Rent((int)size);
            length = 0;
            while (length < size)
            {
                int read = RandomAccess.Read(handle, bytes.AsSpan(length, (int)size - length), length);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (bytes is not null)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }

            throw new UnreadableImageException(path, e is not (FileNotFoundException or DirectoryNotFoundException) ? $"cannot be read ({e.Message})"
                : path.Contains('\uFFFD') ? "its name is not UTF-8; rename it" : "no such file", e);
        }
    }

    private static string WhyNot(ReadOnlySpan<byte> bytes)
    {
        string? format = bytes switch
        {
            [0xFF, 0xD8, 0xFF, ..] => "JPEG",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "PNG",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "GIF",
            [(byte)'B', (byte)'M', ..] => "BMP",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "WebP",
            _ => null,
        };
        if (format is not null)
        {
            return $"the header of this {format} is damaged or cut off";
        }

        if (ForeignFile.Describe(bytes) is { } what)
        {
            return $"is {what}";
        }

        var start = new StringBuilder();
        foreach (byte value in bytes[..Math.Min(bytes.Length, 12)])
        {
            start.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        }

        return $"not an image (starts with '{start}')";
    }
}
