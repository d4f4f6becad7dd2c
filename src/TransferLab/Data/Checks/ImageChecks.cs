using System.Text;

namespace TransferLab.Data;

/// <summary>What is looked at before training: does every file decode, is anything passed over.</summary>
internal static class ImageChecks
{
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
            warnings.Add($"{Naming.Count(bad.Length, "unreadable file is", "unreadable files are")} left out: {string.Join(", ", bad.Select(image => $"{image.Example.Name} ({image.Reason})"))}.");
            return;
        }

        var message = new StringBuilder($"{folder}: {Naming.Count(bad.Length, "file", "files")} of {images.Length} cannot be read; replace or remove them, or leave them out (--skip-unreadable, in code SkipUnreadable):");
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
            warnings.Add($"{Naming.Count(ignored, "file is", "files are")} ignored for not being named as an image ({kinds}).");
        }

        if (scan.Outside > 0)
        {
            warnings.Add($"{Naming.Count(scan.Outside, "image lies", "images lie")} beside the class folders and {(scan.Outside == 1 ? "is" : "are")} ignored.");
        }
    }

    public static int MedianShortSide(Checked[] images, IReadOnlyList<Example> train)
    {
        var names = train.Select(example => example.Source).ToHashSet();
        int[] sides = images.Where(image => names.Contains(image.Example.Source)).Select(image => image.ShortSide).Order().ToArray();
        return sides[sides.Length / 2];
    }
}
