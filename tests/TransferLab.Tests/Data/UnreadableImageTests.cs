using SkiaSharp;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class UnreadableImageTests : IDisposable
{
    /// <summary>16 x 16 pixels from red to blue; a kind that the encoder at hand does not write.</summary>
    private const string ProgressiveJpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//"
        + "2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAQABADASIAAhEBAxEB/8QA"
        + "FgABAQEAAAAAAAAAAAAAAAAAAAMF/8QAFAEBAAAAAAAAAAAAAAAAAAAABP/aAAwDAQACEAMQAAABy0DH/wD/xAAVEAEBAAAAAAAAAAAAAAAAAAAAEf/aAAgB"
        + "AQABBQKqqv/EABURAQEAAAAAAAAAAAAAAAAAAAAU/9oACAEDAQE/AbX/xAAVEQEBAAAAAAAAAAAAAAAAAAAAFP/aAAgBAgEBPwGB/8QAFBABAAAAAAAAAAAA"
        + "AAAAAAAAIP/aAAgBAQAGPwIf/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPyEf/9oADAMBAAIAAwAAABDH/8QAFREBAQAAAAAAAAAAAAAAAAAAAHH/"
        + "2gAIAQMBAT8Qp//EABURAQEAAAAAAAAAAAAAAAAAAABx/9oACAECAQE/EIf/xAAWEAEBAQAAAAAAAAAAAAAAAABxABD/2gAIAQEAAT8QUtP/2Q==";

    private readonly TestImages images = new();

    public void Dispose() => images.Dispose();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 0.3)]
    [InlineData(SKEncodedImageFormat.Jpeg, 0.6)]
    [InlineData(SKEncodedImageFormat.Jpeg, 0.95)]
    [InlineData(SKEncodedImageFormat.Png, 0.3)]
    [InlineData(SKEncodedImageFormat.Png, 0.9)]
    [InlineData(SKEncodedImageFormat.Webp, 0.6)]
    public void A_truncated_file_is_reported_not_half_grey(SKEncodedImageFormat format, double kept)
    {
        using var bitmap = TestImages.Draw(200, 160, TestImages.Noise);
        byte[] bytes = bitmap.Encode(format, 90).ToArray();
        string path = images.Save("cut", bytes[..(int)(bytes.Length * kept)]);
        var error = Assert.Throws<UnreadableImageException>(() => ImageFile.Inspect(path));
        Assert.StartsWith("truncated", error.Reason);
        Assert.Contains(path, error.Message);
        byte[] rgb = new byte[32 * 32 * 3];
        Assert.Throws<UnreadableImageException>(() => ImageFile.Render(path, 32, ImageView.Centre, rgb));
    }

    [Fact]
    public void How_much_of_a_truncated_picture_is_there_is_said()
    {
        using var bitmap = TestImages.Draw(200, 200, TestImages.Noise);
        byte[] bytes = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray();
        string reason = Reason(bytes[..(bytes.Length / 2)]);
        Assert.Matches("^truncated after [45][0-9] %$", reason);
    }

    [Fact]
    public void A_progressive_jpeg_is_read_and_reported_when_truncated()
    {
        byte[] bytes = Convert.FromBase64String(ProgressiveJpeg);
        Assert.Equal(16, ImageFile.Inspect(images.Save("whole.jpg", bytes)).Width);
        Assert.Equal("truncated", Reason(bytes[..400]));
    }

    [Fact]
    public void What_is_no_image_is_named_by_its_beginning()
    {
        Assert.Equal("empty file", Reason([]));
        Assert.Equal("not an image (starts with '....')", Reason([1, 2, 3, 0]));
        Assert.Equal("the header of this JPEG is damaged or cut off", Reason([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]));
        Assert.Contains("is a TIFF, which is not supported; convert it", Reason([.. "II"u8, 42, 0, 8, 0, 0, 0, 0, 0]));
    }

    [Theory]
    [InlineData("<html><body>hello</body></html>", "is a web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "is a Git LFS pointer, the content is not here; run 'git lfs pull'")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "is a HEIC photograph, which is not supported; convert it to JPEG")]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0mif1avif", "is an AVIF, which is not supported; convert it to PNG or JPEG")]
    [InlineData("%PDF-1.7\n", "is a PDF")]
    public void A_file_of_another_kind_under_an_images_name_is_called_by_its_own(string content, string reason) =>
        Assert.StartsWith(reason, Reason(System.Text.Encoding.Latin1.GetBytes(content)));

    [Fact]
    public void A_name_that_is_no_utf8_is_told()
    {
        string path = Path.Combine(images.Folder, "caf\uFFFD.png");
        Assert.Equal("its name is not UTF-8; rename it", Assert.Throws<UnreadableImageException>(() => ImageFile.Inspect(path)).Reason);
    }

    [Fact]
    public void A_decompression_bomb_is_refused_from_its_header()
    {
        byte[] bomb = TestImages.PngHeader(120_000, 120_000);
        long before = GC.GetTotalAllocatedBytes();
        Assert.Equal("120000 x 120000 pixels exceed the limit of 200 million", Reason(bomb));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(images.Folder, "nowhere.png");
        Assert.Equal("no such file", Assert.Throws<UnreadableImageException>(() => ImageFile.Inspect(path)).Reason);
    }

    [Fact]
    public void Damaged_files_throw_nothing_else()
    {
        using var bitmap = TestImages.Draw(40, 30, TestImages.Gradient(40, 30));
        var random = new Random(5);
        foreach (var format in new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
        {
            byte[] valid = bitmap.Encode(format, 90).ToArray();
            for (int i = 0; i < 200; i++)
            {
                byte[] bytes = valid.ToArray();
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                string path = images.Save("damaged", bytes[..random.Next(1, bytes.Length + 1)]);
                var error = Record.Exception(() => ImageFile.Inspect(path));
                Assert.True(error is null or UnreadableImageException, error?.ToString());
            }
        }
    }

    private string Reason(byte[] bytes)
    {
        string path = images.Save("file.jpg", bytes);
        return Assert.Throws<UnreadableImageException>(() => ImageFile.Inspect(path)).Reason;
    }
}
