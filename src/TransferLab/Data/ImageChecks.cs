using System.Text;

namespace TransferLab.Data;

/// <summary>What is looked at before training: does every file decode, is anything in two places, are the classes even.</summary>
internal static class ImageChecks
{
    private const int Imbalance = 10;

    /// <summary>An image file after decoding: its example with hash, or why it has none.</summary>
    internal readonly record struct Checked(Example Example, int ShortSide, string? Reason);

    public static Checked[] Decode(Example[] images, IProgress<int>? progress, CancellationToken cancellation)
    {
        var results = new Checked[images.Length];
        object gate = new();
        int done = 0;
        Parallel.For(0, images.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                var info = ImageFile.Inspect(images[i].Source);
                results[i] = new Checked(images[i] with { Hash = info.Hash }, info.ShortSide, null);
            }
            catch (UnreadableImageException e)
            {
                results[i] = new Checked(images[i], 0, e.Reason);
            }

            lock (gate)
            {
                progress?.Report(++done);
            }
        });
        return results;
    }

    public static Example[] Readable(ReadOnlySpan<Checked> images)
    {
        var examples = new List<Example>(images.Length);
        foreach (var image in images)
        {
            if (image.Reason is null)
            {
                examples.Add(image.Example);
            }
        }

        return [.. examples];
    }

    public static void Unreadable(Checked[] images, string folder, bool skip, List<string> warnings)
    {
        var bad = images.Where(image => image.Reason is not null).ToArray();
        if (bad.Length == 0)
        {
            return;
        }

        if (skip)
        {
            warnings.Add($"{Count(bad.Length, "unreadable file is", "unreadable files are")} left out: {string.Join(", ", bad.Select(image => $"{image.Example.Name} ({image.Reason})"))}.");
            return;
        }

        var message = new StringBuilder($"{folder}: {Count(bad.Length, "file", "files")} of {images.Length} cannot be read; replace or remove them, or skip unreadable files:");
        foreach (var image in bad)
        {
            message.Append($"\n  {image.Example.Name}: {image.Reason}");
        }

        throw new DataException(message.ToString());
    }

    public static void Passed(FolderScan scan, List<string> warnings)
    {
        int ignored = scan.Ignored.Values.Sum();
        if (ignored > 0)
        {
            string kinds = string.Join(", ", scan.Ignored.Select(item => $"{item.Key}: {item.Value}"));
            warnings.Add($"{Count(ignored, "file is", "files are")} ignored for not being named as an image ({kinds}).");
        }

        if (scan.Outside > 0)
        {
            warnings.Add($"{Count(scan.Outside, "image lies", "images lie")} beside the class folders and {(scan.Outside == 1 ? "is" : "are")} ignored.");
        }
    }

    public static void Compare(string[] classes, IReadOnlyList<Example> train, IReadOnlyList<Example> test, List<string> warnings)
    {
        int[] counts = new int[classes.Length];
        foreach (var example in train)
        {
            counts[example.Label]++;
        }

        var tested = test.Select(example => example.Label).ToHashSet();
        string[] untested = classes.Where((_, label) => !tested.Contains(label)).ToArray();
        if (untested.Length > 0)
        {
            warnings.Add($"The test has no image of {Naming.All(untested)}: the accuracy says nothing about {(untested.Length == 1 ? "it" : "them")}.");
        }

        if (counts.Max() >= Imbalance * counts.Min())
        {
            string most = classes[Array.IndexOf(counts, counts.Max())];
            string least = classes[Array.IndexOf(counts, counts.Min())];
            warnings.Add($"The classes are uneven: '{most}' has {counts.Max()} training images, '{least}' {counts.Min()}; look at the accuracy of each class.");
        }

        Duplicates(classes, train, test, warnings);
    }

    public static int MedianShortSide(Checked[] images, IReadOnlyList<Example> train)
    {
        var names = train.Select(example => example.Source).ToHashSet();
        int[] sides = images.Where(image => names.Contains(image.Example.Source)).Select(image => image.ShortSide).Order().ToArray();
        return sides[sides.Length / 2];
    }

    private static void Duplicates(string[] classes, IReadOnlyList<Example> train, IReadOnlyList<Example> test, List<string> warnings)
    {
        var inTrain = train.ToLookup(example => example.Hash);
        string[] leaks = test.Where(example => inTrain.Contains(example.Hash))
            .Select(example => $"{example.Name} = {inTrain[example.Hash].First().Name}").ToArray();
        if (leaks.Length > 0)
        {
            warnings.Add($"{Count(leaks.Length, "test image is", "test images are")} also in the training data, so the test flatters: {Naming.Some(leaks)}.");
        }

        string[] disputed = train.Concat(test).GroupBy(example => example.Hash)
            .Where(group => group.Select(example => example.Label).Distinct().Count() > 1)
            .Select(group => string.Join(" = ", group.DistinctBy(example => example.Label).Select(example => $"{example.Name} ({classes[example.Label]})")))
            .ToArray();
        if (disputed.Length > 0)
        {
            warnings.Add($"{Count(disputed.Length, "image has", "images have")} more than one label: {Naming.Some(disputed)}.");
        }

        int repeated = train.Count - inTrain.Count;
        if (repeated > 0)
        {
            warnings.Add($"{Count(repeated, "training image repeats", "training images repeat")} another one.");
        }
    }

    private static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";
}
