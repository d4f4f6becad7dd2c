namespace TransferLab.Data;

/// <summary>Where in a folder the training classes lie and where the test's.</summary>
/// <param name="Train">Folder whose sub-folders are the classes.</param>
/// <param name="Test">The same for the test; null where the program splits.</param>
/// <param name="Warning">What was seen and is not used.</param>
internal sealed record ImageFolderLayout(string Train, string? Test, string? Warning = null)
{
    private const string Expected =
        "expected are class folders with images, either FOLDER/train/<class>/* with FOLDER/test or FOLDER/val, or FOLDER/<class>/*";

    private static readonly string[] TrainNames = ["train", "training"];

    private static readonly string[] TestNames = ["test", "testing", "val", "valid", "validation"];

    /// <summary>Names are matched in capitals or not.</summary>
    /// <exception cref="DataException">No such folder, or one without class folders, or whose sub-folders are no classes.</exception>
    public static ImageFolderLayout Find(string folder, string? testFolder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{folder} is {(File.Exists(folder) ? "a file" : "no folder")}; {Expected}.");
        }

        if (testFolder is not null && !Directory.Exists(testFolder))
        {
            throw new DataException($"The test folder {testFolder} does not exist; give one with the same class folders as {folder}.");
        }

        string[] subs = [.. FolderScan.List(folder).Folders.Select(sub => sub.FullName)];
        if (subs.Length == 0)
        {
            throw new DataException($"{folder} has no sub-folders; {Expected}.");
        }

        string[] tests = Named(subs, TestNames), trains = [.. Named(subs, TrainNames).Where(HasFolders)];
        if (trains.Length > 1)
        {
            throw new DataException($"{folder} has {Naming.All(trains.Select(path => Path.GetFileName(path)))}, each with class folders; keep one of them, or name it itself.");
        }

        if (trains.Length == 1)
        {
            string? test = testFolder ?? tests.FirstOrDefault();
            string[] unused = tests.Where(path => path != test).Select(path => Path.GetFileName(path)).ToArray();
            string? warning = unused.Length > 0
                ? $"{Naming.All(unused)} in {folder} is not used: the test is {test}, and validation data is split off from train."
                : null;
            return new ImageFolderLayout(trains[0], test, warning);
        }

        // Class folders hold images; one called test that holds folders is the other layout with something missing.
        string? stray = tests.FirstOrDefault(path => path != testFolder && HasFolders(path));
        if (stray is not null)
        {
            throw new DataException($"{folder} has {Path.GetFileName(stray)}/ but no train/ with class folders; {Expected}.");
        }

        RefuseParts(folder, [.. subs.Where(path => path != testFolder)]);
        return new ImageFolderLayout(folder, testFolder);
    }

    /// <summary>
    /// Folders without images of their own that all hold the same folders are parts of a set, and the classes are within. One shared name is none: <c>&lt;class&gt;/images/*</c> is usual.
    /// </summary>
    private static void RefuseParts(string folder, string[] subs)
    {
        List<string[]> within = [];
        foreach (string sub in subs)
        {
            (IReadOnlyList<DirectoryInfo> folders, IReadOnlyList<FileInfo> files) = FolderScan.List(sub);
            if (folders.Count < 2 || files.Any(file => FolderScan.IsImage(file.Name)))
            {
                return;
            }

            within.Add([.. folders.Select(inner => inner.Name)]);
        }

        if (within.Count > 1 && within.MinBy(names => names.Length) is { } fewest && fewest.All(name => within.All(names => names.Contains(name))))
        {
            string parts = Naming.Some([.. subs.Select(path => Path.GetFileName(path))]);
            throw new DataException($"{folder}: {parts} hold no images but the same folders, {Naming.Some(fewest)}; {Expected}.");
        }
    }

    /// <summary>In the order of the names.</summary>
    private static string[] Named(string[] folders, string[] names) =>
        [.. names.SelectMany(name => folders.Where(folder => Path.GetFileName(folder).Equals(name, StringComparison.OrdinalIgnoreCase)))];

    private static bool HasFolders(string path) => FolderScan.List(path).Folders.Count > 0;
}
