using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class ImageListTests : IDisposable
{
    private readonly TestImages _images = new(), _elsewhere = new();

    public void Dispose()
    {
        _images.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public void What_is_left_out_is_counted_and_named_and_unreadable_files_only_where_that_is_asked_for()
    {
        _images.SaveNoise("a.png", 10, 10, 1);
        _images.Save("broken.png", [1, 2, 3]);
        _images.Save("notes.txt", [65]);

        Assert.Contains("1 of 2 images cannot be read; replace or remove what is named, or leave it out (option SkipUnreadable): broken.png",
            Assert.Throws<DataException>(() => ImageList.Read(_images.Folder)).Message, StringComparison.Ordinal);
        UnlabeledData data = ImageList.Read(_images.Folder, skipUnreadable: true);

        Assert.Equal("a.png", Assert.Single(data.Examples).Name);
        Assert.Contains(data.Warnings, warning => warning.StartsWith("1 unreadable file is left out: broken.png", StringComparison.Ordinal));
        Assert.Contains(data.Warnings, warning => warning.Contains(".txt (1)", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Linked_images_are_listed_and_links_in_a_circle_do_not_hang()
    {
        _images.SaveNoise("b/deep/c.png", 10, 10, 1);
        string linked = _elsewhere.SaveNoise("linked.png", 10, 10, 2);
        try
        {
            File.CreateSymbolicLink(Path.Combine(_images.Folder, "a.png"), linked);
            Directory.CreateSymbolicLink(Path.Combine(_images.Folder, "b", "up"), _images.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip.If(true, "symbolic links cannot be made here: " + e.Message);
        }

        Assert.Equal(["a.png", "b/deep/c.png"], ImageList.Read(_images.Folder).Examples.Select(example => example.Name));
    }
}
