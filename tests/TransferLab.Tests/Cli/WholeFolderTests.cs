using TransferLab.Cli;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli;

public sealed class WholeFolderTests : IDisposable
{
    private readonly TemporaryFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_is_filled_whole_or_not_at_all(bool isThere)
    {
        string folder = Path.Combine(_out.Path, "set");
        if (isThere)
        {
            Directory.CreateDirectory(folder);
        }

        Assert.Throws<OperationCanceledException>(() => WholeFolder.Write(folder, made =>
        {
            Fill(made);
            throw new OperationCanceledException();
        }));
        string[] left = isThere ? [folder] : [];
        Assert.Equal(left, Directory.GetFileSystemEntries(_out.Path, "*", SearchOption.AllDirectories));

        WholeFolder.Write(folder, Fill);
        Assert.Equal([folder], Directory.GetFileSystemEntries(_out.Path));
        Assert.Equal([Path.Combine(folder, "train")], Directory.GetFileSystemEntries(folder));
        Assert.True(File.Exists(Path.Combine(folder, "train", "a.txt")));
    }

    private static void Fill(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "train"));
        File.WriteAllText(Path.Combine(folder, "train", "a.txt"), "a");
    }
}
