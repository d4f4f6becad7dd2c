using SkiaSharp;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

/// <summary>A turned picture is the upright one, whatever format says how it was turned and however small it is decoded.</summary>
public sealed class OrientationTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_turned_jpeg_decoded_small_is_not_shifted(ushort orientation)
    {
        // A size that the decoder rounds up; the same pixels as PNG are decoded in full.
        using SKBitmap bitmap = TestImages.Draw(501, 379, TestImages.Gradient(501, 379));
        byte[] plain = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95).ToArray();
        using SKBitmap pixels = SKBitmap.Decode(plain);
        byte[] png = pixels.Encode(SKEncodedImageFormat.Png, 100).ToArray();
        byte[] small = Render("a.jpg", TestImages.WithOrientation(plain, orientation), 24);
        byte[] full = Render("a.png", WithChunk(png, Exif(orientation, big: true), last: false), 24);
        double bias = Enumerable.Range(0, 24 * 24).Average(i => small[i * 3] - full[i * 3]), other = Enumerable.Range(0, 24 * 24)
            .Average(i => small[(i * 3) + 1] - full[(i * 3) + 1]);
        Assert.InRange(bias, -0.25, 0.25);
        Assert.InRange(other, -0.25, 0.25);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void The_orientation_of_a_png_is_applied(bool big, bool last)
    {
        using SKBitmap bitmap = TestImages.Draw(6, 4, (x, y) => new((byte)(40 * x), (byte)(60 * y), 0));
        byte[] png = bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
        string path = _images.Save("turned.png", WithChunk(png, Exif(6, big), last));
        ImageInfo info = ImageFile.Inspect(path);
        Assert.Equal((4, 6), (info.Width, info.Height));
        byte[] rgb = Render("turned.png", WithChunk(png, Exif(6, big), last), 4, ImageView.Centre with { Y = 0 });
        Assert.Equal([0, 180, 0], rgb[..3]); // What was left below is left above now.
        Assert.Equal([0, 0, 0], rgb[9..12]);
    }

    [Theory]
    [InlineData(new byte[] { 77, 77, 0, 42, 255, 255, 255, 255, 0, 0 })]
    [InlineData(new byte[] { 77, 77, 0, 42, 0, 0, 0, 8, 255, 255 })]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { })]
    public void A_damaged_orientation_is_none(byte[] exif)
    {
        using SKBitmap bitmap = TestImages.Draw(6, 4, (x, y) => new((byte)(40 * x), (byte)(60 * y), 0));
        byte[] png = bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
        Assert.Equal(6, ImageFile.Inspect(_images.Save("odd.png", WithChunk(png, exif, last: false))).Width);
    }

    private static byte[] Exif(ushort orientation, bool big) => big
        ? [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0]
        : [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>After the header, which takes 25 bytes after the signature, or before the end, which takes 12.</summary>
    private static byte[] WithChunk(byte[] png, byte[] exif, bool last)
    {
        int at = last ? png.Length - 12 : 33;
        return [.. png.AsSpan(0, at), .. TestImages.Chunk([.. "eXIf"u8, .. exif]), .. png.AsSpan(at)];
    }

    private byte[] Render(string name, byte[] file, int size, ImageView? view = null)
    {
        byte[] rgb = new byte[size * size * 3];
        ImageFile.Render(_images.Save(name, file), size, view ?? ImageView.Centre, rgb);
        return rgb;
    }
}
