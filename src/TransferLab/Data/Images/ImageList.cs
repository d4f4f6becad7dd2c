namespace TransferLab.Data;

/// <summary>Images without labels: what a trained model is asked about.</summary>
public static class ImageList
{
    /// <summary>An image file, or all images below a folder in ordinal order, linked ones too, each decoded once to be sure that it can be read.</summary>
    /// <returns>Examples with the label 0, which means nothing.</returns>
    /// <exception cref="DataException">There is no such file, no image in the folder, a folder that cannot be listed, or a file that cannot be read; all are named.</exception>
    public static IReadOnlyList<Example> Read(string path, CancellationToken cancellation = default)
    {
        string[] files = Files(path);
        string?[] problems = new string?[files.Length];
        Example[] examples = new Example[files.Length];
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            string name = File.Exists(path) ? Path.GetFileName(path) : Path.GetRelativePath(path, files[i]).Replace('\\', '/');
            try
            {
                examples[i] = new(name, files[i], 0, ImageFile.Inspect(files[i]).Hash);
            }
            catch (UnreadableImageException e)
            {
                problems[i] = $"{name}: {e.Message}";
            }
        });
        string[] unreadable = [.. problems.OfType<string>()];
        return unreadable.Length == 0
            ? examples
            : throw new DataException($"{unreadable.Length} of {files.Length} images cannot be read; remove them:{Environment.NewLine}{string.Join(Environment.NewLine, unreadable)}");
    }

    private static string[] Files(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new DataException($"{path}: there is no such file or folder.");
        }

        string[] files = [.. new FolderScan().Images(new DirectoryInfo(path))];
        return files.Length > 0 ? files : throw new DataException($"{path}: holds no images ({string.Join(", ", ImageFile.Extensions)}).");
    }
}
