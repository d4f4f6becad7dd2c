using TransferLab.Data;

namespace TransferLab.Pipelines;

/// <summary>An image of a class folder.</summary>
internal sealed class ImageFolderRow
{
    public string ImagePath { get; set; } = "";

    public string Label { get; set; } = "";

    /// <summary>All images of a folder of class folders.</summary>
    /// <exception cref="DataException">There is no such folder, or it has no class with images.</exception>
    public static IReadOnlyList<ImageFolderRow> List(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{folder}: there is no such folder.");
        }

        ImageFolderRow[] rows = [.. new FolderScan().Classes(folder).SelectMany(item => item.Files.Select(path => new ImageFolderRow { ImagePath = path, Label = item.Class }))];
        return rows.Length > 0 ? rows : throw new DataException($"{folder} has no class folders with images ({string.Join(", ", ImageFile.Extensions)}); expected is FOLDER/<class>/*.");
    }
}
