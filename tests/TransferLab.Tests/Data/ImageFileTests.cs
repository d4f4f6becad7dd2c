using SkiaSharp;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class ImageFileTests : IDisposable
{
    private readonly TestImages images = new();

    public void Dispose() => images.Dispose();

    [Fact]
    public void At_its_own_size_a_picture_is_returned_exactly()
    {
        using var bitmap = TestImages.Draw(32, 32, TestImages.Noise);
        byte[] rgb = Render(images.Save("a.png", bitmap), 32);
        for (int i = 0; i < 32 * 32; i++)
        {
            var expected = bitmap.Pixels[i];
            Assert.Equal((expected.Red, expected.Green, expected.Blue), (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Exif_orientation_is_applied(ushort orientation)
    {
        // Upright: red left above, green right above, blue left below, white right below.
        const int Width = 64;
        const int Height = 48;
        static SKColor Upright(int x, int y) => (x < Width / 2, y < Height / 2) switch
        {
            (true, true) => SKColors.Red,
            (false, true) => SKColors.Lime,
            (true, false) => SKColors.Blue,
            _ => SKColors.White,
        };
        bool turned = orientation >= 5;
        using var stored = TestImages.Draw(turned ? Height : Width, turned ? Width : Height, (column, row) => orientation switch
        {
            2 => Upright(Width - 1 - column, row),
            3 => Upright(Width - 1 - column, Height - 1 - row),
            4 => Upright(column, Height - 1 - row),
            5 => Upright(row, column),
            6 => Upright(Width - 1 - row, column),
            7 => Upright(Width - 1 - row, Height - 1 - column),
            8 => Upright(row, Height - 1 - column),
            _ => Upright(column, row),
        });
        string path = images.Save("o.jpg", TestImages.WithOrientation(stored.Encode(SKEncodedImageFormat.Jpeg, 95).ToArray(), orientation));

        var info = ImageFile.Inspect(path);
        Assert.Equal((Width, Height), (info.Width, info.Height));
        byte[] rgb = Render(path, 24);
        AssertNear(SKColors.Red, rgb, 24, 4, 4, 12);
        AssertNear(SKColors.Lime, rgb, 24, 20, 4, 12);
        AssertNear(SKColors.Blue, rgb, 24, 4, 20, 12);
        AssertNear(SKColors.White, rgb, 24, 20, 20, 12);
    }

    [Fact]
    public void Transparency_lies_on_white()
    {
        using var bitmap = TestImages.Draw(8, 8, (x, _) => x < 4 ? new SKColor(255, 0, 0, 0) : new SKColor(0, 0, 255, 128));
        foreach (var format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
        {
            byte[] rgb = Render(images.Save("alpha", bitmap, format), 8);
            AssertNear(SKColors.White, rgb, 8, 1, 4, 2);
            AssertNear(new SKColor(127, 127, 255), rgb, 8, 6, 4, 3);
        }
    }

    [Fact]
    public void Grey_palette_and_sixteen_bits_are_read()
    {
        string grey = images.Save("grey.png", TestImages.Png(2, 2, 8, 0, [0, 10, 200, 0, 90, 30]));
        Assert.Equal([10, 10, 10, 200, 200, 200, 90, 90, 90, 30, 30, 30], Render(grey, 2));

        string palette = images.Save("palette.png", TestImages.Png(2, 2, 8, 3, [0, 0, 1, 0, 1, 0], [1, 2, 3, 250, 251, 252]));
        Assert.Equal([1, 2, 3, 250, 251, 252, 250, 251, 252, 1, 2, 3], Render(palette, 2));

        string deep = images.Save("deep.png", TestImages.Png(1, 1, 16, 2, [0, 0x40, 0x40, 0x80, 0x80, 0xC0, 0xC0]));
        Assert.Equal([0x40, 0x80, 0xC0], Render(deep, 1));

        string greyJpeg = images.Save("grey.jpg", SaveGreyJpeg());
        byte[] rgb = Render(greyJpeg, 8);
        AssertNear(new SKColor(77, 77, 77), rgb, 8, 4, 4, 3);
    }

    [Fact]
    public void Twelve_bits_in_sixteen_are_not_black()
    {
        string path = images.Save("deep.png", TestImages.Png(2, 2, 16, 0, [0, 0x0F, 0xFF, 0x08, 0x00, 0, 0, 0, 0x04, 0x10]));
        Assert.Equal([255, 255, 255, 128, 128, 128, 0, 0, 0, 65, 65, 65], Render(path, 2));
        string filtered =
            images.Save("rgb.png", TestImages.Png(2, 2, 16, 2, [1, 8, 0, 4, 0, 2, 0, 0, 16, 0, 16, 0, 16, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]));
        Assert.Equal([128, 64, 32, 129, 65, 33, 128, 64, 32, 129, 65, 33], Render(filtered, 2));
        string full = images.Save("full.png", TestImages.Png(2, 1, 16, 0, [0, 0x10, 0x00, 0x0F, 0xFF]));
        Assert.True(ImageFile.Inspect(path).IsTwelveBit);
        Assert.False(ImageFile.Inspect(full).IsTwelveBit);
        Assert.False(ImageFile.Inspect(images.Save("black.png", TestImages.Png(1, 1, 8, 0, [0, 3]))).IsTwelveBit);
    }

    [Fact]
    public void Gif_and_bmp_are_read()
    {
        // 2 x 1 pixels: palette entries 1 and 2 (green, blue) of a GIF, packed as 3-bit codes: clear 4, 1, 2, end 5.
        byte[] gif =
        [
            .. "GIF89a"u8, 2, 0, 1, 0, 0x81, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9,
            0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x8C, 0x0A, 0, 0x3B,
        ];
        Assert.Equal((2, 1), Size(images.Save("a.gif", gif)));

        // 1 x 2 pixels of 24 bits, rows from below, BGR, each padded to four bytes.
        byte[] bmp =
        [
            .. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0,
            0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0,
        ];
        string path = images.Save("a.bmp", bmp);
        Assert.Equal((1, 2), Size(path));
        Assert.Equal([6, 5, 4], Render(path, 1, ImageView.Centre with { Y = 0 }));
    }

    [Fact]
    public void The_same_pixels_have_the_same_hash_whatever_the_file()
    {
        using var bitmap = TestImages.Draw(20, 10, TestImages.Noise);
        using var other = TestImages.Draw(10, 20, TestImages.Noise);
        string png = images.Save("a.png", bitmap);
        using var jpeg = SKBitmap.Decode(images.Save("a.jpg", bitmap, SKEncodedImageFormat.Jpeg, 90));
        string hash = ImageFile.Inspect(png).Hash;
        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.Equal(hash, ImageFile.Inspect(images.Save("copy", File.ReadAllBytes(png))).Hash);
        Assert.Equal(ImageFile.Inspect(Path.Combine(images.Folder, "a.jpg")).Hash, ImageFile.Inspect(images.Save("again.png", jpeg)).Hash);
        Assert.NotEqual(hash, ImageFile.Inspect(images.Save("b.png", other)).Hash);
    }

    [Fact]
    public void One_image_serves_many_threads()
    {
        string path = images.SaveNoise("a.png", 50, 40, 1);
        byte[] expected = Render(path, 33);
        Parallel.For(0, 64, _ => Assert.Equal(expected, Render(path, 33)));
    }

    private static byte[] SaveGreyJpeg()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(16, 16, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(77, 77, 77));
        return bitmap.Encode(SKEncodedImageFormat.Jpeg, 95).ToArray();
    }

    private static (int Width, int Height) Size(string path)
    {
        var info = ImageFile.Inspect(path);
        return (info.Width, info.Height);
    }

    private static byte[] Render(string path, int size, ImageView? view = null)
    {
        byte[] rgb = new byte[size * size * 3];
        ImageFile.Render(path, size, view ?? ImageView.Centre, rgb);
        return rgb;
    }

    private static void AssertNear(SKColor expected, byte[] rgb, int size, int x, int y, int tolerance)
    {
        int i = ((y * size) + x) * 3;
        Assert.InRange(rgb[i], expected.Red - tolerance, expected.Red + tolerance);
        Assert.InRange(rgb[i + 1], expected.Green - tolerance, expected.Green + tolerance);
        Assert.InRange(rgb[i + 2], expected.Blue - tolerance, expected.Blue + tolerance);
    }
}
