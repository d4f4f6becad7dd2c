using TransferLab.Data;

namespace TransferLab.Pipelines;

/// <summary>An image of a class folder.</summary>
internal sealed class ImageFolderRow
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";

    /// <summary>All images of a folder of class folders.</summary>
    /// <exception cref="DataException">There is no such folder, it has no class with images, or it holds a training and a test folder instead of
    /// classes.</exception>
    public static IReadOnlyList<ImageFolderRow> List(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{folder}: there is no such folder.");
        }

        ImageFolderRow[] rows =
            [.. new FolderScan().Classes(folder).SelectMany(item => item.Files.Select(path => new ImageFolderRow { ImagePath = path, Label = item.Class }))];
        if (rows.Length == 0)
        {
            throw new DataException($"{folder} has no class folders with images ({string.Join(", ", ImageFile.Extensions)}); expected is FOLDER/<class>/*.");
        }

        ImageFolderLayout layout = ImageFolderLayout.Find(folder, testFolder: null);
        return layout.Train == folder ? rows
            : throw new DataException(
                $"{folder} holds a training folder, not classes; name {layout.Train}{(layout.Test is null ? "" : $", and {layout.Test} for the test")}.");
    }
}
