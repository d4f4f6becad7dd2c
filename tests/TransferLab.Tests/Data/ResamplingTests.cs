using SkiaSharp;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class ResamplingTests : IDisposable
{
    private readonly TestImages images = new();

    public void Dispose() => images.Dispose();

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 64, 3)]
    [InlineData(SKEncodedImageFormat.Png, 32, 2)]
    [InlineData(SKEncodedImageFormat.Jpeg, 64, 4)]
    [InlineData(SKEncodedImageFormat.Jpeg, 60, 4)]
    [InlineData(SKEncodedImageFormat.Jpeg, 25, 4)]
    public void Shrinking_comes_near_the_area_average(SKEncodedImageFormat format, int size, double tolerance)
    {
        // Stripes two pixels wide over a gradient: point sampling would be off by 60 of 255 on average.
        using var bitmap = TestImages.Draw(400, 400, (x, y) => new SKColor((byte)((x / 2 + y / 2) % 2 * 120 + x / 4), (byte)(y / 2), (byte)(x / 2)));
        byte[] rgb = Render(images.Save("a", bitmap, format, 100), size, ImageView.Centre);
        double error = 0;
        double step = 400.0 / size;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                error += Math.Abs(rgb[((y * size) + x) * 3] - AreaAverage(bitmap, x * step, y * step, step));
            }
        }

        Assert.InRange(error / (size * size), 0, tolerance);
    }

    [Fact]
    public void A_crop_is_a_product_of_floats_or_every_figure_of_a_trained_network_would_be_another()
    {
        const float Scale = 0.8437f, Aspect = 1.1311f;
        (double width, double height) = (ImageView.Centre with { Scale = Scale, Aspect = Aspect }).Crop(375, 500);
        double side = Scale * 375, root = Math.Sqrt(Aspect);
        Assert.NotEqual((double)Scale * 375, side);
        Assert.Equal((side * root, side / root), (width, height));
    }

    [Theory]
    [InlineData(600, 200, 1)]
    [InlineData(200, 600, 1)]
    [InlineData(30, 50, 1)]
    [InlineData(600, 200, 0.5f)]
    public void A_squashed_picture_is_seen_whole_or_its_middle_of_both_sides(int width, int height, float scale)
    {
        using var bitmap = TestImages.Draw(width, height, (x, y) => new SKColor((byte)(255 * x / width), (byte)(255 * y / height), 0));
        string png = images.Save("a", bitmap);
        byte[] rgb = Render(png, 20, ImageView.Centre with { Fit = ImageFit.Squash, Scale = scale });
        for (int i = 0; i < 400; i++)
        {
            double across = 127.5 + (255 * scale * (((i % 20) + 0.5) / 20 - 0.5)), down = 127.5 + (255 * scale * (((i / 20) + 0.5) / 20 - 0.5));
            Assert.InRange(rgb[3 * i] - across, -6, 6);
            Assert.InRange(rgb[(3 * i) + 1] - down, -6, 6);
        }
    }

    [Theory]
    [InlineData(203)]
    [InlineData(120)]
    [InlineData(57)]
    public void Decoding_small_shifts_nothing(int size)
    {
        // Odd sizes, which the decoder's steps round up: the same pixels as PNG are decoded in full.
        using var bitmap = TestImages.Draw(501, 379, TestImages.Gradient(501, 379));
        string jpeg = images.Save("a.jpg", bitmap, SKEncodedImageFormat.Jpeg, 95);
        using var pixels = SKBitmap.Decode(jpeg);
        byte[] small = Render(jpeg, size, ImageView.Centre with { X = 1, Y = 1 });
        byte[] full = Render(images.Save("a.png", pixels), size, ImageView.Centre with { X = 1, Y = 1 });
        double error = 0;
        double bias = 0;
        for (int i = 0; i < small.Length; i++)
        {
            error += Math.Abs(small[i] - full[i]);
            bias += i % 3 == 0 ? small[i] - full[i] : 0;
        }

        // A shift by half a pixel would be a bias of 0.5 in red at 203 pixels.
        Assert.InRange(error / small.Length, 0, 0.6);
        Assert.InRange(bias / small.Length * 3, -0.2, 0.2);
    }

    [Fact]
    public void Growing_shifts_nothing_and_darkens_no_edge()
    {
        using var flat = TestImages.Draw(32, 32, (_, _) => new SKColor(200, 100, 50));
        byte[] rgb = Render(images.Save("flat.png", flat), 128, ImageView.Centre with { Rotation = 30, Scale = 1.3f });
        Assert.All(rgb.Chunk(3), pixel => Assert.Equal([200, 100, 50], pixel));

        using var ramp = TestImages.Draw(32, 32, (x, y) => new SKColor((byte)(x * 8), (byte)(y * 8), 0));
        rgb = Render(images.Save("ramp.png", ramp), 128, ImageView.Centre);
        for (int x = 4; x < 124; x++)
        {
            // The centre of output pixel x lies at (x + 0.5) / 4 - 0.5 in source pixels.
            double expected = (((x + 0.5) / 4) - 0.5) * 8;
            Assert.InRange(rgb[((64 * 128) + x) * 3], expected - 0.6, expected + 0.6);
            Assert.InRange(rgb[(((x * 128) + 64) * 3) + 1], expected - 0.6, expected + 0.6);
        }
    }

    [Fact]
    public void A_wide_picture_loses_its_sides_in_the_centre_view()
    {
        using var bitmap = TestImages.Draw(90, 30, (x, _) => x is >= 30 and < 60 ? SKColors.White : SKColors.Black);
        string path = images.Save("wide.png", bitmap);
        // The outermost column sees a little beyond the crop, as in a picture that is resized first and cropped then.
        byte[] rgb = Render(path, 10, ImageView.Centre);
        Assert.All(rgb.Chunk(30), row => Assert.All(row[3..27], value => Assert.Equal(255, value)));
        rgb = Render(path, 10, ImageView.Centre with { X = 0 });
        Assert.All(rgb.Chunk(30), row => Assert.All(row[..27], value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Flip_mirrors_and_a_turn_by_ninety_degrees_is_clockwise()
    {
        using var bitmap = TestImages.Draw(16, 16, TestImages.Noise);
        string path = images.Save("a.png", bitmap);
        byte[] plain = Render(path, 16, ImageView.Centre);
        byte[] flipped = Render(path, 16, ImageView.Centre with { Flip = true });
        byte[] turned = Render(path, 16, ImageView.Centre with { Rotation = 90 });
        byte[] both = Render(path, 16, ImageView.Centre with { Rotation = 90, Flip = true });
        for (int y = 0; y < 16; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                Assert.Equal(Pixel(plain, x, y), Pixel(flipped, 15 - x, y));
                Assert.Equal(Pixel(plain, x, y), Pixel(turned, 15 - y, x));
                Assert.Equal(Pixel(turned, x, y), Pixel(both, 15 - x, y));
            }
        }
    }

    [Theory]
    [InlineData(0.5f, 1f)]
    [InlineData(0.9f, 1.33f)]
    [InlineData(1.2f, 0.75f)]
    public void Both_paths_draw_the_same(float scale, float aspect)
    {
        using var bitmap = TestImages.Draw(100, 80, TestImages.Noise);
        string path = images.Save("a.png", bitmap);
        var view = new ImageView(0.3f, 0.7f, scale, aspect);
        byte[] straight = Render(path, 24, view);
        byte[] rotated = Render(path, 24, view with { Rotation = 1e-4f });
        for (int i = 0; i < straight.Length; i++)
        {
            Assert.InRange(rotated[i], straight[i] - 2, straight[i] + 2);
        }
    }

    [Fact]
    public void Brightness_and_contrast_are_factors()
    {
        using var bitmap = TestImages.Draw(4, 4, (x, _) => x < 2 ? new SKColor(50, 50, 50) : new SKColor(100, 100, 100));
        string path = images.Save("a.png", bitmap);
        Assert.Equal((60, 120), Ends(Render(path, 4, ImageView.Centre with { Brightness = 1.2f })));
        Assert.Equal((25, 125), Ends(Render(path, 4, ImageView.Centre with { Contrast = 2 })));
        Assert.Equal((75, 75), Ends(Render(path, 4, ImageView.Centre with { Contrast = 0 })));
        Assert.Equal((200, 255), Ends(Render(path, 4, ImageView.Centre with { Brightness = 4 })));
        static (int Left, int Right) Ends(byte[] rgb) => (rgb[0], rgb[9]);
    }

    [Fact]
    public void A_view_that_makes_no_sense_is_refused()
    {
        string path = images.SaveNoise("a.png", 8, 8, 1);
        Assert.Throws<ArgumentException>(() => Render(path, 8, default));
        Assert.Throws<ArgumentException>(() => Render(path, 8, ImageView.Centre with { X = float.NaN }));
        Assert.Throws<ArgumentException>(() => Render(path, 8, ImageView.Centre with { Rotation = float.PositiveInfinity }));
        Assert.Throws<ArgumentException>(() => ImageFile.Render(path, 8, ImageView.Centre, new byte[100]));
    }

    private static byte[] Pixel(byte[] rgb, int x, int y) => rgb[(((y * 16) + x) * 3)..(((y * 16) + x + 1) * 3)];

    private static double AreaAverage(SKBitmap bitmap, double left, double top, double step)
    {
        double sum = 0;
        for (int y = (int)top; y < Math.Min(400, top + step); y++)
        {
            for (int x = (int)left; x < Math.Min(400, left + step); x++)
            {
                double share = (Math.Min(x + 1, left + step) - Math.Max(x, left)) * (Math.Min(y + 1, top + step) - Math.Max(y, top));
                sum += share * bitmap.GetPixel(x, y).Red;
            }
        }

        return sum / (step * step);
    }

    private static byte[] Render(string path, int size, ImageView view)
    {
        byte[] rgb = new byte[size * size * 3];
        ImageFile.Render(path, size, view, rgb);
        return rgb;
    }
}
