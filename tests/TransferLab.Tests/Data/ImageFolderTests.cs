using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TestImages images = new();
    private int seed;

    public void Dispose() => images.Dispose();

    [Fact]
    public void A_folder_with_train_and_test_is_taken_as_it_is()
    {
        Fill("train/b", 3);
        Fill("train/a", 2);
        Fill("test/a", 1);
        Fill("test/b", 1);
        images.SaveNoise("train/a/deep/er/x.png", 10, 14, ++seed);
        var (data, side) = ImageFolder.Read(images.Folder);
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Equal(["train/a/0.png", "train/a/1.png", "train/a/deep/er/x.png", "train/b/0.png", "train/b/1.png", "train/b/2.png"],
            data.Train.Select(e => e.Name));
        Assert.Equal([0, 0, 0, 1, 1, 1], data.Train.Select(e => e.Label));
        Assert.Equal(["test/a/0.png", "test/b/0.png"], data.Test.Select(e => e.Name));
        Assert.Equal(Path.GetFileName(images.Folder), data.Name);
        Assert.Equal(12, side);
        Assert.All(data.Train, e => Assert.Equal(ImageFile.Inspect(e.Source).Hash, e.Hash));
        Assert.Empty(data.Warnings);
        Assert.Matches("^[0-9a-f]{64}$", data.Hash);
    }

    [Fact]
    public void Without_a_test_a_fifth_of_every_class_is_held_out_by_seed()
    {
        Fill("a", 10);
        Fill("b", 20);
        var first = ImageFolder.Read(images.Folder).Data;
        Assert.Equal([2, 4], Enumerable.Range(0, 2).Select(label => first.Test.Count(e => e.Label == label)));
        Assert.Equal(30, first.Train.Concat(first.Test).Select(e => e.Name).Distinct().Count());
        Assert.Equal(first.Hash, ImageFolder.Read(images.Folder).Data.Hash);
        Assert.NotEqual(first.Hash, ImageFolder.Read(images.Folder, new() { SplitSeed = 1 }).Data.Hash);
        Assert.Equal(15, ImageFolder.Read(images.Folder, new() { TestShare = 0.5 }).Data.Test.Count);
    }

    [Fact]
    public void Val_serves_as_test_and_is_passed_over_beside_one()
    {
        Fill("train/a", 2);
        Fill("train/b", 2);
        Fill("val/a", 1);
        Fill("val/b", 1);
        Assert.Equal(["val/a/0.png", "val/b/0.png"], ImageFolder.Read(images.Folder).Data.Test.Select(e => e.Name));
        Fill("test/a", 1);
        Fill("test/b", 1);
        var data = ImageFolder.Read(images.Folder).Data;
        Assert.Equal(["test/a/0.png", "test/b/0.png"], data.Test.Select(e => e.Name));
        Assert.Contains(data.Warnings, warning => warning.Contains("'val'"));
    }

    [Theory]
    [InlineData("Train", "Test")]
    [InlineData("TRAIN", "val")]
    [InlineData("Training", "Testing")]
    public void Train_and_test_are_known_in_capitals_and_in_their_longer_form(string train, string test)
    {
        Fill($"{train}/a", 2);
        Fill($"{train}/b", 2);
        Fill($"{test}/a", 1);
        Fill($"{test}/b", 1);
        LabeledData data = ImageFolder.Read(images.Folder).Data;
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Equal(4, data.Train.Count);
        Assert.Equal([$"{test}/a/0.png", $"{test}/b/0.png"], data.Test.Select(example => example.Name));
    }

    [Fact]
    public void Class_folders_may_hold_folders_alone()
    {
        Fill("a/one", 2);
        Fill("a/two", 2);
        Fill("b/three", 2);
        Fill("b/four", 2);
        Assert.Equal(["a", "b"], ImageFolder.Read(images.Folder).Data.Classes);
    }

    [Fact]
    public void Class_folders_may_all_hold_their_images_in_a_folder_of_one_name()
    {
        Fill("a/images", 3);
        Fill("b/images", 3);
        Assert.Equal(["a", "b"], ImageFolder.Read(images.Folder).Data.Classes);
    }

    [Fact]
    public void A_test_folder_elsewhere_can_be_given()
    {
        Fill("all/a", 2);
        Fill("all/b", 2);
        Fill("exam/a", 1);
        Fill("exam/b", 1);
        var data = ImageFolder.Read(Path.Combine(images.Folder, "all"), new() { TestFolder = Path.Combine(images.Folder, "exam") }).Data;
        Assert.Equal(4, data.Train.Count);
        Assert.Equal(["exam/a/0.png", "exam/b/0.png"], data.Test.Select(e => e.Name));

        Fill("all/exam/a", 1);
        Fill("all/exam/b", 1);
        data = ImageFolder.Read(Path.Combine(images.Folder, "all"), new() { TestFolder = Path.Combine(images.Folder, "all", "exam") }).Data;
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Equal(["exam/a/0.png", "exam/b/0.png"], data.Test.Select(e => e.Name));
    }

    [Fact]
    public void Hidden_and_foreign_files_are_passed_over_and_the_foreign_counted()
    {
        Fill("a", 3);
        Fill("b", 3);
        foreach (string name in new[] { "a/.DS_Store", "a/._0.png", "a/Thumbs.db", "__MACOSX/a/0.png", ".git/a/0.png" })
        {
            images.Save(name, [1, 2, 3]);
        }

        Assert.Equal(
            "3 images are left out as hidden or made by the system: '._0.png' (1), '.git' (1), '__MACOSX' (1); a folder that begins with a dot is no class "
                + "unless you say so (option ClassesAsIs) or rename it: '.git'.", Assert.Single(ImageFolder.Read(images.Folder).Data.Warnings));
        images.Save("a/notes.TXT", [1]);
        images.Save("b/LICENSE", [1]);
        images.SaveNoise("loose.png", 8, 8, ++seed);
        var data = ImageFolder.Read(images.Folder).Data;
        Assert.Equal(6, data.Train.Count + data.Test.Count);
        Assert.Contains("2 files are ignored for not being named as an image (.txt: 1, no extension: 1).", data.Warnings);
        Assert.Contains("1 image lies beside the class folders and is ignored.", data.Warnings);
    }

    [SkippableFact]
    public void Links_in_a_circle_do_not_hang()
    {
        Fill("a", 3);
        Fill("b", 3);
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(images.Folder, "a", "self"), Path.Combine(images.Folder, "a"));
            Directory.CreateSymbolicLink(Path.Combine(images.Folder, "a", "up"), images.Folder);
            Directory.CreateSymbolicLink(Path.Combine(images.Folder, "b", "one"), Path.Combine(images.Folder, "b", "two"));
            Directory.CreateSymbolicLink(Path.Combine(images.Folder, "b", "two"), Path.Combine(images.Folder, "b", "one"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip.If(true, "symbolic links cannot be made here: " + e.Message);
        }

        var data = ImageFolder.Read(images.Folder).Data;
        Assert.Equal(6, data.Train.Count + data.Test.Count);
    }

    [SkippableFact]
    public void Relative_links_between_classes_are_followed_once()
    {
        Fill("a", 3);
        Fill("b", 3);
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(images.Folder, "a", "b"), Path.Combine("..", "b"));
            Directory.CreateSymbolicLink(Path.Combine(images.Folder, "b", "a"), Path.Combine("..", "a"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip.If(true, "symbolic links cannot be made here: " + e.Message);
        }

        var data = ImageFolder.Read(images.Folder).Data;
        Assert.Equal(12, data.Train.Count + data.Test.Count); // Each class has its own and, through its link, the other's.
    }

    [Fact]
    public void Progress_counts_up_to_all_images()
    {
        Fill("a", 5);
        Fill("b", 6);
        var seen = new Counts();
        ImageFolder.Read(images.Folder, null, seen);
        Assert.Equal(Enumerable.Range(1, 11), seen.Values);
        Assert.ThrowsAny<OperationCanceledException>(() => ImageFolder.Read(images.Folder, cancellation: new CancellationToken(true)));
    }

    [SkippableFact]
    public void Public_photographs_are_read()
    {
        string? root = Environment.GetEnvironmentVariable("TRANSFERLAB_DATA");
        string folder = Path.Combine(root ?? "", "images", "hymenoptera");
        Skip.If(root is null || !Directory.Exists(folder), "hymenoptera is not under TRANSFERLAB_DATA");
        var (data, side) = ImageFolder.Read(folder);
        Assert.Equal((244, 153, 224), (data.Train.Count, data.Test.Count, side));
        Assert.Equal(["ants", "bees"], data.Classes);
    }

    private void Fill(string folder, int count)
    {
        for (int i = 0; i < count; i++)
        {
            images.SaveNoise($"{folder}/{i}.png", 12, 16, ++seed);
        }
    }

    private sealed class Counts : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
