using System.Security.Cryptography;

namespace TransferLab.Data;

/// <summary>Reads JPEG, PNG, WebP, BMP and GIF (its first frame) as RGB, upright by their EXIF orientation and with transparency on white.</summary>
/// <remarks>A PNG of 16 bits a channel, opaque and without a value above 4,095, is taken to hold 12 bits. Embedded colour profiles are ignored, as the training
/// pipelines of published backbones ignore them. Safe to call from many threads.</remarks>
public static class ImageFile
{
    /// <summary>Pictures with more pixels are refused from their header, before anything is decoded.</summary>
    public const long MaxPixels = 200_000_000;

    // Pictures above this size are decoded one at a time, so that memory does not grow with the number of threads.
    private const long LargePixels = 24_000_000;
    private static readonly object Large = new();

    /// <summary>Extensions (lower case, with the dot) that are read; the content decides, not the name.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>Draws a view of the picture: one anti-aliased resampling from the decoded pixels to the output.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="size">Side of the output in pixels.</param>
    /// <param name="view">Which part is seen, and how.</param>
    /// <param name="rgb">Receives <c>[size, size, 3]</c> bytes: rows from the top, R, G, B.</param>
    /// <exception cref="UnreadableImageException">The file cannot be decoded whole.</exception>
    public static void Render(string path, int size, ImageView view, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 8192);
        view.Validate();
        if (rgb.Length < size * size * 3)
        {
            throw new ArgumentException($"{size} x {size} x 3 bytes do not fit into {rgb.Length}.", nameof(rgb));
        }

        using var file = ImageSource.Open(path);
        if (file.Pixels > LargePixels)
        {
            lock (Large)
            {
                Draw(file, size, view, rgb);
            }
        }
        else
        {
            Draw(file, size, view, rgb);
        }
    }

    /// <summary>Decodes the whole picture to check it.</summary>
    /// <exception cref="UnreadableImageException">The file cannot be decoded whole.</exception>
    public static ImageInfo Inspect(string path)
    {
        using var file = ImageSource.Open(path);
        if (file.Pixels > LargePixels)
        {
            lock (Large)
            {
                return Check(file);
            }
        }

        return Check(file);
    }

    private static void Draw(ImageSource file, int size, ImageView view, Span<byte> rgb)
    {
        var crop = view.Crop(file.Width, file.Height);
        using var picture = file.Decode(size / Math.Min(crop.Width, crop.Height));
        Resampler.Draw(picture, file.Width, file.Height, size, view, rgb);
        Adjust(rgb[..(size * size * 3)], view.Brightness, view.Contrast);
    }

    /// <summary>Changes the light of drawn pixels.</summary>
    internal static void Adjust(Span<byte> rgb, float brightness, float contrast)
    {
        if (brightness == 1 && contrast == 1)
        {
            return;
        }

        long sum = 0;
        foreach (byte value in rgb)
        {
            sum += value;
        }

        float mean = brightness * sum / rgb.Length;
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++)
        {
            table[i] = (byte)Math.Clamp((((i * brightness) - mean) * contrast) + mean + 0.5f, 0, 255);
        }

        foreach (ref byte value in rgb)
        {
            value = table[value];
        }
    }

    private static ImageInfo Check(ImageSource file)
    {
        using var picture = file.Decode(1);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> header = stackalloc byte[8];
        BitConverter.TryWriteBytes(header, picture.Width);
        BitConverter.TryWriteBytes(header[4..], picture.Height);
        sha.AppendData(header);
        byte[] row = new byte[picture.Width * 3];
        for (int y = 0; y < picture.Height; y++)
        {
            var source = picture.Rgba.Slice(y * picture.Width * 4, picture.Width * 4);
            for (int x = 0, i = 0; i < row.Length; x += 4, i += 3)
            {
                row[i] = source[x];
                row[i + 1] = source[x + 1];
                row[i + 2] = source[x + 2];
            }

            sha.AppendData(row);
        }

        return new ImageInfo(picture.Width, picture.Height, Convert.ToHexString(sha.GetHashAndReset()).ToLowerInvariant()) { IsTwelveBit = file.IsTwelveBit };
    }
}
