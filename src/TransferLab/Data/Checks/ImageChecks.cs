namespace TransferLab.Data;

/// <summary>What is looked at before training: does every file decode, is anything passed over.</summary>
internal static class ImageChecks
{
    private static readonly HashSet<string> s_convertible =
        new([".heic", ".heif", ".avif", ".tif", ".tiff", ".jp2", ".jxl", ".psd", ".svg", ".pdf", ".dcm", ".ppm", ".pgm"]);

    /// <summary>An image file after decoding: its example with hash, or why it has none.</summary>
    internal readonly record struct Checked(Example Example, int ShortSide, string? Reason, bool IsTwelveBit = false);

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
                results[i] = new Checked(images[i] with { Hash = info.Hash }, info.ShortSide, null, info.IsTwelveBit);
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

        string named = Naming.Some(bad.Select(image => $"{image.Example.Name} ({image.Reason})"));
        if (!skip)
        {
            throw new DataException(
                $"{folder}: {Naming.Count(bad.Length, "file", "files")} of {images.Length} cannot be read: {named}; replace or remove them, or leave them out "
                    + $"(option SkipUnreadable).");
        }

        warnings.Add($"{Naming.Count(bad.Length, "unreadable file is", "unreadable files are")} left out: {named}.");
    }

    /// <summary>What a folder holds that is not read, in brackets with a blank before; empty where there is nothing.</summary>
    public static string Kinds(FolderScan scan) => scan.Ignored.Count == 0 ? ""
        : $" (not read: "
            + $"{Naming.Some(scan.Ignored.Select(item => $"{item.Key}: {item.Value}"))}"
            + $"{(scan.Ignored.Keys.Any(s_convertible.Contains) ? "; convert pictures to JPEG or PNG" : "")})";

    /// <summary>Warns of what is not read: files of other kinds, hidden and system folders, images beside the class folders.</summary>
    public static void Passed(FolderScan scan, List<string> warnings)
    {
        int ignored = scan.Ignored.Values.Sum();
        if (ignored > 0)
        {
            string convert = scan.Ignored.Keys.Any(s_convertible.Contains) ? "; convert pictures to JPEG or PNG" : "";
            warnings.Add(
                $"{Naming.Count(ignored, "file is", "files are")} ignored for not being named as an image "
                    + $"({Naming.Some(scan.Ignored.Select(item => $"{item.Key}: {item.Value}"))}){convert}.");
        }

        if (scan.Hidden.Count > 0)
        {
            string dotted = scan.DottedClasses.Count == 0 ? ""
                : $"; a folder that begins with a dot is no class unless you say so (option ClassesAsIs) or rename it: {Naming.Quoted(scan.DottedClasses)}";
            warnings.Add(
                $"{Naming.Count(scan.Hidden.Values.Sum(), "image is", "images are")} left out as hidden or made by the system: "
                    + $"{Naming.Some(scan.Hidden.Select(item => $"{Naming.Quote(item.Key)} ({item.Value})"))}{dotted}.");
        }

        if (scan.Outside > 0)
        {
            warnings.Add(
                $"{Naming.Count(scan.Outside, "image lies", "images lie")} beside the class folders and {(scan.Outside == 1 ? "is" : "are")} ignored.");
        }
    }

    /// <summary>Warns of images whose values are scaled.</summary>
    public static void TwelveBits(Checked[] images, List<string> warnings)
    {
        string[] deep = [.. images.Where(image => image.IsTwelveBit).Select(image => image.Example.Name)];
        if (deep.Length > 0)
        {
            warnings.Add(
                $"{Naming.Count(deep.Length, "image has", "images have")} 16 bits a channel and no value above 4,095: read as 12 bits, or "
                    + $"{(deep.Length == 1 ? "it" : "they")} would be black: {Naming.Some(deep)}.");
        }
    }

    public static int MedianShortSide(Checked[] images, IReadOnlyList<Example> train)
    {
        var names = train.Select(example => example.Source).ToHashSet();
        int[] sides = images.Where(image => names.Contains(image.Example.Source)).Select(image => image.ShortSide).Order().ToArray();
        return sides[sides.Length / 2];
    }
}
