using Microsoft.ML.Data;
using TransferLab.Data;

namespace TransferLab.Pipelines;

/// <summary>
/// Image files as ML.NET reads them: the plain view is <c>LoadImages</c> and <c>ResizeImages</c>, exactly; varied views are drawn from what
/// <c>LoadImages</c> decodes. ML.NET knows no EXIF orientation and lays transparency on black.
/// </summary>
internal sealed class MLNetPixels(int size) : PixelReader
{
    private readonly ImageResizer _resizer = new(size);

    public override string Key => "/ML.NET";

    public override void Render(string source, int size, ImageView view, Span<byte> rgb)
    {
        using MLImage image = Open(source);
        if (view == ImageView.Centre)
        {
            _resizer.Resize(image, rgb);
        }
        else
        {
            byte[] pixels = new byte[image.Width * image.Height * 3];
            ImageResizer.CopyPixels(image, pixels);
            Draw(pixels, image.Width, image.Height, size, view, rgb);
        }
    }

    /// <summary>Draws a varied view of decoded pixels.</summary>
    public static void Draw(ReadOnlySpan<byte> pixels, int width, int height, int size, ImageView view, Span<byte> rgb)
    {
        using Picture picture = Picture.Rent(width, height, scale: 1);
        Span<byte> rgba = picture.Rgba;
        for (int source = 0, target = 0; source < pixels.Length; source += 3, target += 4)
        {
            pixels.Slice(source, 3).CopyTo(rgba[target..]);
        }

        Resampler.Draw(picture, width, height, size, view, rgb);
        ImageFile.Adjust(rgb[..(size * size * 3)], view.Brightness, view.Contrast);
    }

    private static MLImage Open(string path)
    {
        try
        {
            return File.Exists(path) ? MLImage.CreateFromFile(path) : throw new UnreadableImageException(path, "no such file");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new UnreadableImageException(path, "not an image that ML.NET can decode", e);
        }
    }
}
