using TransferLab.Data;

namespace TransferLab.Tests.Data;

/// <summary>What is not read is counted and named.</summary>
public sealed class LeftOutTests : IDisposable
{
    private readonly TestImages _images = new();
    private readonly TestTexts _texts = new();
    private int _seed;

    public void Dispose()
    {
        _images.Dispose();
        _texts.Dispose();
    }

    [Fact]
    public void Thumbnails_of_the_system_are_no_pictures()
    {
        Fill("a", 3);
        Fill("b", 3);
        Fill("a/@eaDir", 3);
        Fill("b/@eaDir/deep", 2);
        LabeledData data = ImageFolder.Read(_images.Folder).Data;
        Assert.Equal(6, data.Train.Count + data.Test.Count);
        Assert.Equal("5 images are left out as hidden or made by the system: '@eaDir' (5).", Assert.Single(data.Warnings));
    }

    [Fact]
    public void A_class_that_begins_with_a_dot_is_named_and_can_be_taken()
    {
        Fill(".NET", 3);
        Fill("java", 3);
        Fill("python", 3);
        LabeledData data = ImageFolder.Read(_images.Folder).Data;
        Assert.Equal(["java", "python"], data.Classes);
        Assert.Contains("'.NET' (3); a folder that begins with a dot is no class unless you say so (option ClassesAsIs) or rename it: '.NET'",
            Assert.Single(data.Warnings));
        data = ImageFolder.Read(_images.Folder, new() { ClassesAsIs = true }).Data;
        Assert.Equal([".NET", "java", "python"], data.Classes);
        Assert.Empty(data.Warnings);
    }

    [Fact]
    public void Photographs_of_a_kind_that_is_not_read_are_told_how_to_convert()
    {
        Fill("a", 3);
        Fill("b", 3);
        _images.Save("a/1.HEIC", [1]);
        Assert.Contains("(.heic: 1); convert pictures to JPEG or PNG.", Assert.Single(ImageFolder.Read(_images.Folder).Data.Warnings));
        _images.Save("c/1.heic", [1]);
        Assert.Contains("without images: 'c' (not read: .heic: 2; convert pictures to JPEG or PNG)",
            Assert.Throws<DataException>(() => ImageFolder.Read(_images.Folder)).Message);
    }

    [Fact]
    public void Images_whose_values_are_scaled_are_named()
    {
        Fill("a", 3);
        Fill("b", 3);
        _images.Save("a/deep.png", TestImages.Png(1, 1, 16, 0, [0, 0x0F, 0xFF]));
        Assert.Equal("1 image has 16 bits a channel and no value above 4,095: read as 12 bits, or it would be black: a/deep.png.",
            Assert.Single(ImageFolder.Read(_images.Folder).Data.Warnings));
    }

    [Fact]
    public void Copies_of_one_picture_cannot_be_split()
    {
        Fill("a", 4);
        Fill("b", 1);
        byte[] one = File.ReadAllBytes(Path.Combine(_images.Folder, "b", "0.png"));
        for (int i = 1; i < 5; i++)
        {
            _images.Save($"b/{i}.png", one);
        }

        Assert.Contains("In 1 class all images are copies of one, so none can be held out for the test: 'b' (5); add different ones.",
            ImageFolder.Read(_images.Folder).Data.Warnings);
        Assert.Contains("copies of one", _texts.Refusal("x.csv", "text,label\nsame,a\nsame,a\nother,b\nother,b\n"));
    }

    [Fact]
    public void Text_files_beside_train_and_test_are_named()
    {
        foreach (string name in new[] { "train", "test", "val", "more" })
        {
            _texts.Save($"{name}.csv", $"text,label\n{name} 1,a\n{name} 2,b\n");
        }

        Assert.Contains("'more.csv', 'val.csv' in", Assert.Single(TextData.Read(_texts.Folder).Warnings, warning => warning.Contains("not used")));
    }

    [Fact]
    public void A_test_without_labels_is_told_what_to_do()
    {
        _texts.Save("train.csv", TestTexts.Small);
        _texts.Save("test.csv", "text\none\n");
        Assert.Contains("test.csv has no column 'label'; its columns are 'text'", TestTexts.Refusal(_texts.Folder));
        Assert.Contains("a test without labels measures nothing", TestTexts.Refusal(_texts.Folder));
        _texts.Save("test.csv", "text,label\none,\n");
        Assert.Contains("(0 without text, 1 without label); give every row a text and a label, or move it away and a test is split off",
            TestTexts.Refusal(_texts.Folder));
    }

    [SkippableFact]
    public void A_folder_whose_name_is_no_utf8_is_told()
    {
        Skip.If(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "names are Unicode here");
        Fill("a", 3);
        Fill("b", 3);
        using var shell =
            System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "mkdir \"$(printf 'caf\\351')\""]) { WorkingDirectory = _images.Folder })!;
        shell.WaitForExit();
        Skip.If(Directory.GetDirectories(_images.Folder).Length < 3, "the file system takes no such name");
        try
        {
            Assert.EndsWith("the folder's name is not UTF-8; rename it.", Assert.Throws<DataException>(() => ImageFolder.Read(_images.Folder)).Message);
        }
        finally
        {
            using var remove =
                System.Diagnostics.Process.Start(
                    new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "rmdir caf*"]) { WorkingDirectory = _images.Folder })!;
            remove.WaitForExit();
        }
    }

    [Fact]
    public void Lists_are_short_whatever_is_in_them()
    {
        string list = Naming.Quoted(Enumerable.Range(0, 5000).Select(i => new string('x', 500) + i));
        Assert.InRange(list.Length, 100, 1300);
        Assert.EndsWith(" more", list);
        Assert.Equal("'a', 'b'", Naming.Quoted(["a", "b"]));
    }

    private void Fill(string folder, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _images.SaveNoise($"{folder}/{i}.png", 10, 10, ++_seed);
        }
    }
}
