using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class ImageFolderChecksTests : IDisposable
{
    private readonly TestImages images = new();
    private int seed;

    public void Dispose() => images.Dispose();

    [Fact]
    public void A_missing_folder_is_told_the_expected_layout()
    {
        string message = Refusal("nowhere");
        Assert.Contains("nowhere is no folder", message);
        Assert.Contains("FOLDER/train/<class>/*", message);
        Assert.Contains("has no sub-folders", Refusal(""));
        Fill("test/a", 1);
        Assert.Contains("test/ but no train/", Refusal(""));
    }

    [Fact]
    public void Parts_of_a_set_are_not_taken_for_classes()
    {
        Fill("exam/a", 1);
        Fill("exam/b", 1);
        Fill("learn/a", 2);
        Fill("learn/b", 2);
        Fill("learn/c", 2);
        string message = Refusal("");
        Assert.Contains("exam, learn hold no images but the same folders, a, b;", message);
        Assert.Contains("FOLDER/train/<class>/*", message);
    }

    [SkippableFact]
    public void Two_folders_to_train_on_are_refused()
    {
        Fill("train/a", 1);
        Fill("Train/a", 1);
        Skip.If(Directory.GetDirectories(images.Folder).Length == 1, "the file system knows no capitals");
        Assert.Contains("'Train', 'train'", Refusal(""));
    }

    [Fact]
    public void Fewer_than_two_classes_are_refused()
    {
        Fill("only", 3);
        Assert.Contains("one class, 'only'", Refusal(""));
    }

    [Fact]
    public void Empty_class_folders_are_all_named()
    {
        Fill("a", 2);
        Directory.CreateDirectory(Path.Combine(images.Folder, "b"));
        images.Save("c/readme.md", [1]);
        Assert.Contains("'b', 'c'", Refusal(""));
    }

    [Fact]
    public void A_class_of_the_test_that_cannot_be_learnt_is_refused_and_the_other_way_round_is_a_warning()
    {
        Fill("train/a", 2);
        Fill("train/b", 2);
        Fill("test/a", 1);
        Assert.Contains("The test has no image of 'b'", Assert.Single(Read().Warnings));
        Fill("test/C", 1);
        Assert.Contains("'C'", Refusal(""));
    }

    [Fact]
    public void Every_unreadable_file_is_named_with_its_reason()
    {
        Fill("a", 3);
        Fill("b", 3);
        images.Save("a/empty.jpg", []);
        images.Save("b/text.jpg", [.. "hello, world"u8]);
        images.Save("b/cut.png", File.ReadAllBytes(Path.Combine(images.Folder, "b", "0.png"))[..200]);
        string message = Refusal("");
        Assert.Contains("3 files of 9 cannot be read: a/empty.jpg (empty file), b/cut.png (truncated after ", message);
        Assert.EndsWith(", b/text.jpg (not an image (starts with 'hello, world')); replace or remove them, or leave them out (option SkipUnreadable).",
            message);
        Assert.DoesNotContain('\n', message);

        var data = Read(new() { SkipUnreadable = true });
        Assert.Equal(6, data.Train.Count + data.Test.Count);
        string warning = Assert.Single(data.Warnings);
        Assert.StartsWith("3 unreadable files are left out: a/empty.jpg (empty file), b/cut.png (truncated", warning);
    }

    [Fact]
    public void A_class_that_loses_its_last_image_is_refused()
    {
        Fill("a", 3);
        images.Save("b/empty.jpg", []);
        var error = Assert.Throws<DataException>(() => Read(new() { SkipUnreadable = true }));
        Assert.Contains("without one readable image: 'b'", error.Message);
    }

    [Fact]
    public void The_same_picture_in_train_and_test_is_named()
    {
        Fill("train/a", 3);
        Fill("train/b", 3);
        Fill("test/b", 1);
        Copy("train/a/1.png", "test/a/other.png");
        Assert.Equal("1 test image is also in the training data, so the test flatters: test/a/other.png = train/a/1.png.", Assert.Single(Read().Warnings));
    }

    [Fact]
    public void Long_lists_end_with_a_count()
    {
        Fill("train/a", 25);
        Fill("train/b", 3);
        Fill("test/b", 1);
        for (int i = 0; i < 25; i++)
        {
            Copy($"train/a/{i}.png", $"test/a/{i}.png");
        }

        Assert.EndsWith(" and 5 more.", Assert.Single(Read().Warnings));
    }

    [Fact]
    public void Two_labels_repeats_and_uneven_classes_are_warned_of()
    {
        Fill("train/a", 30);
        Fill("train/b", 2);
        Fill("test/a", 1);
        Fill("test/b", 1);
        Copy("train/a/0.png", "train/b/x.png");
        Copy("train/a/1.png", "train/a/x.png");
        var warnings = Read().Warnings;
        Assert.Contains("1 image has more than one label: train/a/0.png (a) = train/b/x.png (b).", warnings);
        Assert.Contains("2 training images repeat another one.", warnings);
        Assert.Contains(warnings, warning => warning.Contains("'a' has 31 training images, 'b' 3;"));
        Assert.Equal(3, warnings.Count);
    }

    [Fact]
    public void A_split_puts_no_picture_on_both_sides()
    {
        Fill("a", 6);
        Fill("b", 6);
        for (int i = 0; i < 6; i++)
        {
            Copy($"a/{i}.png", $"a/copy{i}.png");
        }

        for (int i = 0; i < 5; i++)
        {
            var data = Read(new() { SplitSeed = i });
            Assert.Empty(data.Train.Select(e => e.Hash).Intersect(data.Test.Select(e => e.Hash)));
            Assert.DoesNotContain(data.Warnings, warning => warning.Contains("flatters"));
        }
    }

    private LabeledData Read(ImageFolderOptions? options = null) => ImageFolder.Read(images.Folder, options).Data;

    private string Refusal(string folder) =>
        Assert.Throws<DataException>(() => ImageFolder.Read(Path.Combine(images.Folder, folder))).Message;

    private void Copy(string from, string to) => images.Save(to, File.ReadAllBytes(Path.Combine(images.Folder, from)));

    private void Fill(string folder, int count)
    {
        for (int i = 0; i < count; i++)
        {
            images.SaveNoise($"{folder}/{i}.png", 12, 16, ++seed);
        }
    }
}
