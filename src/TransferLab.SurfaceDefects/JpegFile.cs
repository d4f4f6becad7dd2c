using System.Runtime.InteropServices;
using SkiaSharp;

namespace TransferLab.SurfaceDefects;

internal static class JpegFile
{
    private const int Quality = 92;

    /// <summary>Writes RGB pixels, [size, size, 3]; the file appears whole or not at all.</summary>
    public static void Write(string path, byte[] rgb, int size)
    {
        var part = path + ".part";
        try
        {
            using (var file = File.Create(part))
            {
                Encode(file, rgb, size);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static void Encode(Stream to, byte[] rgb, int size)
    {
        var rgba = new byte[size * size * 4];
        for (int i = 0, j = 0; j < rgba.Length; i += 3, j += 4)
        {
            (rgba[j], rgba[j + 1], rgba[j + 2], rgba[j + 3]) = (rgb[i], rgb[i + 1], rgb[i + 2], 255);
        }

        var pinned = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            var info = new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, pinned.AddrOfPinnedObject(), info.RowBytes);
            var options = new SKJpegEncoderOptions(Quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore);
            using var encoded = pixmap.Encode(options) ?? throw new InvalidOperationException("SkiaSharp could not encode a JPEG.");
            encoded.SaveTo(to);
        }
        finally
        {
            pinned.Free();
        }
    }
}
