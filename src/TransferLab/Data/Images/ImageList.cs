namespace TransferLab.Data;

/// <summary>Images without labels: what a trained model is asked about.</summary>
public static class ImageList
{
    /// <summary>An image file, or all images below a folder in ordinal order, linked ones too, each decoded once to be sure that it can be read.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="skipUnreadable">Leave out files that cannot be decoded, with a warning, instead of refusing all.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <exception cref="DataException">There is no such file, no image in the folder, a folder that cannot be listed, or a file that cannot be
    /// read.</exception>
    public static UnlabeledData Read(string path, bool skipUnreadable = false, CancellationToken cancellation = default)
    {
        FolderScan scan = new();
        string[] files = Files(path, scan);
        string?[] problems = new string?[files.Length];
        Example?[] examples = new Example?[files.Length];
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            string name = File.Exists(path) ? Path.GetFileName(path) : Path.GetRelativePath(path, files[i]).Replace('\\', '/');
            try
            {
                examples[i] = new(name, files[i], 0, ImageFile.Inspect(files[i]).Hash);
            }
            catch (UnreadableImageException e)
            {
                problems[i] = $"{name}: {e.Message.TrimEnd('.')}";
            }
        });
        string[] unreadable = [.. problems.OfType<string>()];
        return unreadable.Length == files.Length || (unreadable.Length > 0 && !skipUnreadable)
            ? throw new DataException(
                $"{path}: {unreadable.Length} of {Naming.Count(files.Length, "image", "images")} cannot be read; replace or remove what is named, or leave it "
                    + $"out (option SkipUnreadable): {Naming.Some(unreadable)}.")
            : new([.. examples.OfType<Example>()], [.. LeftOut(scan, unreadable)]);
    }

    private static IEnumerable<string> LeftOut(FolderScan scan, string[] unreadable)
    {
        if (unreadable.Length > 0)
        {
            yield return $"{Naming.Count(unreadable.Length, "unreadable file is", "unreadable files are")} left out: {Naming.Some(unreadable)}.";
        }

        if (scan.Ignored.Count > 0)
        {
            yield return $"{Naming.Count(scan.Ignored.Values.Sum(), "file is", "files are")} left out, of kinds that are not read: {Counted(scan.Ignored)}; "
                + $"convert pictures to JPEG or PNG.";
        }

        if (scan.Hidden.Count > 0)
        {
            yield return $"{Naming.Count(scan.Hidden.Values.Sum(), "image is", "images are")} left out as hidden or made by the system: "
                + $"{Counted(scan.Hidden)}.";
        }

        static string Counted(IReadOnlyDictionary<string, int> counts) =>
            Naming.Some(counts.Select(pair => $"{(pair.Key.Length > 0 ? Naming.Visible(pair.Key) : "without extension")} ({pair.Value})"));
    }

    private static string[] Files(string path, FolderScan scan)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new DataException($"{path}: there is no such file or folder.");
        }

        string[] files = [.. scan.Images(new DirectoryInfo(path))];
        return files.Length > 0 ? files : throw new DataException($"{path}: holds no images ({string.Join(", ", ImageFile.Extensions)}).");
    }
}
