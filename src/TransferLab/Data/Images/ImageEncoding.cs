using System.Runtime.InteropServices;
using SkiaSharp;

namespace TransferLab.Data;

/// <summary>Pixels as picture files.</summary>
internal static class ImageEncoding
{
    private const int Quality = 82;

    /// <summary>Writes <c>[size, size, 3]</c> bytes, red first, as a PNG.</summary>
    public static void WritePng(ReadOnlySpan<byte> rgb, int size, Stream stream)
    {
        using SKData png = Encode(rgb, size, SKEncodedImageFormat.Png, 100);
        png.SaveTo(stream);
    }

    /// <summary>The same as a JPEG in a data URI, for pages.</summary>
    public static string JpegUri(ReadOnlySpan<byte> rgb, int size)
    {
        using SKData jpeg = Encode(rgb, size, SKEncodedImageFormat.Jpeg, Quality);
        return "data:image/jpeg;base64," + Convert.ToBase64String(jpeg.AsSpan());
    }

    private static SKData Encode(ReadOnlySpan<byte> rgb, int size, SKEncodedImageFormat format, int quality)
    {
        byte[] rgba = new byte[size * size * 4];
        for (int i = 0; i < size * size; i++)
        {
            rgb.Slice(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = byte.MaxValue;
        }

        using SKBitmap bitmap = new(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        return bitmap.Encode(format, quality);
    }
}
