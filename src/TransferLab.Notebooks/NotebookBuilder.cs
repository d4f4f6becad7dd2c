namespace TransferLab.Notebooks;

/// <summary>Makes the notebook of a lesson from its source.</summary>
internal static class NotebookBuilder
{
    /// <summary>The notebook of a source file, without outputs.</summary>
    /// <exception cref="FormatException">The source is not a lesson; the message names file and line.</exception>
    public static NotebookFile Build(string source)
    {
        try
        {
            PercentFile lesson = PercentFile.Parse(File.ReadAllText(source));
            Cell first = PackageVersions.Above(Path.GetFullPath(source)).FirstCell(lesson.Directives);
            int title = lesson.Cells.Count > 0 && lesson.Cells[0].IsMarkdown ? 1 : 0;
            return NotebookFile.Of([.. lesson.Cells.Take(title), first, .. lesson.Cells.Skip(title)]);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{source}: {e.Message}", e);
        }
    }

    /// <summary>The notebook's path: beside its source.</summary>
    public static string PathFor(string source) => Path.ChangeExtension(source, ".ipynb");

    /// <summary>The lessons of a folder and of those below it, in order.</summary>
    public static IReadOnlyList<string> Lessons(string folder) => [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => char.IsAsciiDigit(Path.GetFileName(file)[0])
            && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];
}
