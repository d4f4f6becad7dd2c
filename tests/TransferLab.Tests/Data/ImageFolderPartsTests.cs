using TransferLab.Data;

namespace TransferLab.Tests.Data;

/// <summary>Folders whose names say that they are parts of a set are not taken for classes.</summary>
public sealed class ImageFolderPartsTests : IDisposable
{
    private readonly TestImages _images = new();
    private int _seed;

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData("train/ has no class folders", "train", "test")]
    [InlineData("", "training_set", "test_set")]
    [InlineData("", "Train Images", "Test Images")]
    [InlineData("", "seg_train", "seg_test", "seg_pred")]
    [InlineData("", "train", "valid")]
    [InlineData("", "cats-train", "cats-val")]
    [InlineData("", "train", "unlabeled", "bus")]
    [InlineData("", "test", "cat", "dog")]
    [InlineData("pictures and what belongs to them", "images", "masks")]
    [InlineData("pictures and what belongs to them", "JPEGImages", "Annotations", "SegmentationClass")]
    public void Parts_that_hold_images_without_class_folders_are_refused(string said, params string[] folders)
    {
        foreach (string folder in folders)
        {
            Fill(folder, 2);
        }

        string message = Assert.Throws<DataException>(() => Read()).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains("(if these are the classes, say so: option ClassesAsIs)", message);
        Assert.Contains(said.Split(' ')[0], message);
        Assert.Equal(folders.Order(StringComparer.Ordinal), Read(new() { ClassesAsIs = true }).Classes);
    }

    [Theory]
    [InlineData("train", "bus", "car")]
    [InlineData("Train", "bus", "car", "ship")]
    public void Train_beside_two_other_classes_is_the_vehicle_and_that_is_said(params string[] folders)
    {
        foreach (string folder in folders)
        {
            Fill(folder, 3);
        }

        LabeledData data = Read();
        Assert.Equal(folders.Order(StringComparer.Ordinal), data.Classes);
        Assert.Contains($"'{folders[0]}' is taken for a class beside 'bus', 'car'", Assert.Single(data.Warnings));
    }

    [Theory]
    [InlineData("valid", "invalid")]
    [InlineData("crash test", "crash")]
    [InlineData("train station", "bus station")]
    [InlineData("test tube", "beaker")]
    [InlineData("mask", "no mask")]
    public void Names_that_only_sound_like_parts_are_classes(string one, string other)
    {
        Fill(one, 3);
        Fill(other, 3);
        LabeledData data = Read();
        Assert.Equal(new[] { one, other }.Order(StringComparer.Ordinal), data.Classes);
        Assert.Empty(data.Warnings);
    }

    [Theory]
    [InlineData("training_set", "test_set")]
    [InlineData("seg_train", "seg_test")]
    public void Folders_that_hold_nothing_but_themselves_are_looked_through(string train, string test)
    {
        Fill($"{train}/{train}/a", 2);
        Fill($"{train}/{train}/b", 2);
        Fill($"{test}/{test}/a", 1);
        Fill($"{test}/{test}/b", 1);
        Fill("seg_pred/seg_pred", 1);
        LabeledData data = Read();
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Equal((4, 2), (data.Train.Count, data.Test.Count));
        Assert.Contains(data.Warnings, warning => warning.Contains($"holds nothing but {train}: the folders in there are read"));
        Assert.Contains(data.Warnings, warning => warning.Contains("'seg_pred'") && warning.Contains("not used"));
    }

    [Fact]
    public void A_folder_around_all_is_looked_through()
    {
        Fill("archive/flowers/rose", 3);
        Fill("archive/flowers/tulip", 3);
        LabeledData data = Read();
        Assert.Equal(["rose", "tulip"], data.Classes);
        Assert.Contains("holds nothing but archive/flowers", Assert.Single(data.Warnings));
    }

    [Fact]
    public void A_test_without_labels_is_told_what_to_do()
    {
        Fill("train/a", 2);
        Fill("train/b", 2);
        Fill("test", 3);
        string message = Assert.Throws<DataException>(() => Read()).Message;
        Assert.Contains("has no class folders and 3 images that lie loose: a test without labels measures nothing", message);
        Fill("val/a", 1);
        Fill("val/b", 1);
        LabeledData data = Read();
        Assert.All(data.Test, example => Assert.StartsWith("val/", example.Name));
        Assert.Contains("'test' in", Assert.Single(data.Warnings));
    }

    [Fact]
    public void What_lies_beside_train_and_test_is_named()
    {
        Fill("train/a", 2);
        Fill("train/b", 2);
        Fill("test/a", 1);
        Fill("test/b", 1);
        Fill("extra", 1);
        Assert.Contains("'extra' in", Assert.Single(Read().Warnings));
    }

    private LabeledData Read(ImageFolderOptions? options = null) => ImageFolder.Read(_images.Folder, options).Data;

    private void Fill(string folder, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _images.SaveNoise($"{folder}/{i}.png", 10, 10, ++_seed);
        }
    }
}
