using SkiaSharp;
using TransferLab.Data;
using TransferLab.SurfaceDefects;

namespace TransferLab.Tests.SurfaceDefects;

public sealed class SurfaceDefectImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("surface-defects-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Classes_are_in_ordinal_order_as_labels_of_folders_are()
    {
        Assert.Equal(SurfaceDefectImages.Classes.Order(StringComparer.Ordinal), SurfaceDefectImages.Classes);
        Assert.InRange(SurfaceDefectImages.Classes.Count, 8, 10);
    }

    [Fact]
    public void The_same_seed_draws_the_same_pixels_by_label_and_by_name()
    {
        for (var label = 0; label < SurfaceDefectImages.Classes.Count; label++)
        {
            Assert.Equal(SurfaceDefectImages.Draw(label, seed: 7), SurfaceDefectImages.Draw(SurfaceDefectImages.Classes[label], seed: 7));
        }
    }

    [Fact]
    public void Different_seeds_and_different_classes_draw_different_images()
    {
        var images = from label in Enumerable.Range(0, SurfaceDefectImages.Classes.Count)
                     from seed in new[] { int.MinValue, -1, 0, 1, 2, int.MaxValue }
                     select Convert.ToHexString(SurfaceDefectImages.Draw(label, seed, 32));
        Assert.Equal(6 * SurfaceDefectImages.Classes.Count, images.Distinct().Count());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(224)]
    [InlineData(512)]
    public void Every_class_can_be_drawn_at_other_sizes_with_light_and_shade(int size)
    {
        for (var label = 0; label < SurfaceDefectImages.Classes.Count; label++)
        {
            var pixels = SurfaceDefectImages.Draw(label, seed: 3, size);
            Assert.Equal(3 * size * size, pixels.Length);
            Assert.InRange(pixels.Average(p => p), 30, 225);
            Assert.True(pixels.Distinct().Count() > 20);
        }
    }

    [Theory]
    [InlineData("dent")]
    [InlineData("stain")]
    public void Another_size_shows_the_same_scene(string className)
    {
        const int small = 48;
        var large = SurfaceDefectImages.Draw(className, seed: 5, 2 * small);
        var difference = 0.0;
        var pixels = SurfaceDefectImages.Draw(className, seed: 5, small);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x, channel) = (i / 3 / small, i / 3 % small, i % 3);
            int At(int dy, int dx) => large[3 * ((2 * y + dy) * 2 * small + 2 * x + dx) + channel];
            difference += Math.Abs(pixels[i] - (At(0, 0) + At(0, 1) + At(1, 0) + At(1, 1)) / 4.0);
        }

        Assert.InRange(difference / pixels.Length, 0, 6);
    }

    [Fact]
    public void Train_and_test_never_share_the_seed_of_an_image()
    {
        foreach (var seed in new[] { 0, 1, -1, int.MaxValue })
        {
            var seeds = Enumerable.Range(0, 20_000).SelectMany(index =>
                new[] { SurfaceDefectImages.ImageSeed(seed, false, index), SurfaceDefectImages.ImageSeed(seed, true, index) });
            Assert.Equal(40_000, seeds.Distinct().Count());
        }
    }

    [Fact]
    public void A_written_set_has_both_splits_no_image_twice_and_nothing_else()
    {
        SurfaceDefectImages.Write(_folder, trainPerClass: 2, testPerClass: 1, seed: 4, size: 32);

        var files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        var expected = from name in SurfaceDefectImages.Classes
                       from file in new[] { $"train/{name}/0000.jpg", $"train/{name}/0001.jpg", $"test/{name}/0000.jpg" }
                       select file;
        Assert.Equal(expected.Order(), files.Select(f => Path.GetRelativePath(_folder, f).Replace('\\', '/')).Order());
        Assert.Equal(files.Length, files.Select(f => Convert.ToHexString(File.ReadAllBytes(f))).Distinct().Count());
    }

    [Fact]
    public void Growing_the_set_keeps_earlier_images_byte_for_byte()
    {
        var (small, large) = (Path.Combine(_folder, "small"), Path.Combine(_folder, "large"));
        SurfaceDefectImages.Write(small, 2, 1, seed: 9, size: 48);
        SurfaceDefectImages.Write(large, 3, 3, seed: 9, size: 48);

        foreach (var file in Directory.GetFiles(small, "*.jpg", SearchOption.AllDirectories))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(large, Path.GetRelativePath(small, file))));
        }
    }

    [Fact]
    public void Progress_counts_every_image_once_over_both_splits()
    {
        var counts = new Counts();
        SurfaceDefectImages.Write(_folder, 2, 1, seed: 1, size: 16, counts);
        Assert.Equal(Enumerable.Range(1, 3 * SurfaceDefectImages.Classes.Count), counts.Reported.Order());
    }

    [Fact]
    public void Cancelling_leaves_only_whole_files()
    {
        using var cancel = new CancellationTokenSource();
        var afterFive = new Counts(count =>
        {
            if (count == 5)
            {
                cancel.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => SurfaceDefectImages.Write(_folder, 50, 0, seed: 1, size: 32, afterFive, cancel.Token));

        var files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        Assert.InRange(files.Length, 5, 499);
        Assert.All(files, file => Assert.Equal(3 * 32 * 32, Decode(file).Length));
    }

    [Fact]
    public void The_stored_images_are_what_is_drawn_today()
    {
        var stored = Path.Combine(RepositoryRoot(), "datasets", "surface-defects");
        foreach (var name in SurfaceDefectImages.Classes)
        {
            foreach (var (split, index) in new[] { ("train", 0), ("train", 39), ("test", 0), ("test", 39) })
            {
                // Encoded again, so that only rounding of another platform has to be forgiven, and no loss of JPEG.
                var drawn = SurfaceDefectImages.Draw(name, SurfaceDefectImages.ImageSeed(SurfaceDefectImages.DefaultSeed, split == "test", index));
                var again = Path.Combine(_folder, $"{split}-{name}-{index}.jpg");
                JpegFile.Write(again, drawn, SurfaceDefectImages.DefaultSize);
                var (now, then) = (Decode(again), Decode(Path.Combine(stored, split, name, $"{index:D4}.jpg")));
                Assert.Equal(now.Length, then.Length);
                Assert.InRange(now.Zip(then, (a, b) => Math.Abs(a - b)).Average(), 0, 0.25);
            }

            Assert.Equal(80, Directory.GetFiles(stored, "*.jpg", SearchOption.AllDirectories).Count(f => Path.GetFileName(Path.GetDirectoryName(f)) == name));
        }
    }

    [Fact]
    public void Bad_arguments_say_what_is_allowed()
    {
        Assert.Contains("0 to 9", Assert.Throws<ArgumentOutOfRangeException>(() => SurfaceDefectImages.Draw(10, 1)).Message);
        Assert.Contains("blister, clean", Assert.Throws<ArgumentException>(() => SurfaceDefectImages.Draw("rust", 1)).Message);
        Assert.Contains("16 to 1024", Assert.Throws<ArgumentOutOfRangeException>(() => SurfaceDefectImages.Draw(0, 1, 15)).Message);
        Assert.Contains("negative", Assert.Throws<ArgumentException>(() => SurfaceDefectImages.Write(_folder, -1, 1)).Message);
        Assert.Contains("at least 1", Assert.Throws<ArgumentException>(() => SurfaceDefectImages.Write(_folder, 0, 0)).Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains(file, Assert.Throws<DataException>(() => SurfaceDefectImages.Write(file, 1, 1, size: 16)).Message);
    }

    private static byte[] Decode(string path)
    {
        using var bitmap = SKBitmap.Decode(path);
        return [.. bitmap.Pixels.SelectMany(p => new[] { p.Red, p.Green, p.Blue })];
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TransferLab.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("TransferLab.sln is in none of the folders above the tests.");
    }

    private sealed class Counts(Action<int>? then = null) : IProgress<int>
    {
        public List<int> Reported { get; } = [];

        public void Report(int value)
        {
            lock (Reported)
            {
                Reported.Add(value);
            }

            then?.Invoke(value);
        }
    }
}
