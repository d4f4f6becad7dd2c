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

        Assert.Equal(["a.png", "b/deep/c.png"], ImageList.Read(_images.Folder).Select(example => example.Name));
    }
}
