namespace TransferLab.Data;

/// <summary>Where in a folder the training classes lie and where the test's.</summary>
/// <param name="Train">Folder whose sub-folders are the classes.</param>
/// <param name="Test">The same for the test; null where the program splits.</param>
/// <param name="Warning">What was seen and is not used.</param>
internal sealed record ImageFolderLayout(string Train, string? Test, string? Warning = null)
{
    private const string Expected =
        "expected are class folders with images, either FOLDER/train/<class>/* with FOLDER/test or FOLDER/val, or FOLDER/<class>/*";

    private static readonly string[] TestNames = ["test", "val", "valid", "validation"];

    /// <exception cref="DataException">No such folder, or one without class folders.</exception>
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

        var subs = FolderScan.List(folder).Folders.Select(sub => sub.Name).ToArray();
        if (subs.Length == 0)
        {
            throw new DataException($"{folder} has no sub-folders; {Expected}.");
        }

        string[] tests = TestNames.Where(subs.Contains).Select(name => Path.Combine(folder, name)).ToArray();
        if (subs.Contains("train") && HasFolders(Path.Combine(folder, "train")))
        {
            string? test = testFolder ?? tests.FirstOrDefault();
            string[] unused = tests.Where(path => path != test).Select(path => Path.GetFileName(path)).ToArray();
            string? warning = unused.Length > 0
                ? $"{Naming.All(unused)} in {folder} is not used: the test is {test}, and validation data is split off from train."
                : null;
            return new ImageFolderLayout(Path.Combine(folder, "train"), test, warning);
        }

        // Class folders hold images; one called test that holds folders is the other layout with something missing.
        string? stray = tests.FirstOrDefault(path => path != testFolder && HasFolders(path));
        return stray is null
            ? new ImageFolderLayout(folder, testFolder)
            : throw new DataException($"{folder} has {Path.GetFileName(stray)}/ but no train/ with class folders; {Expected}.");
    }

    private static bool HasFolders(string path) => FolderScan.List(path).Folders.Count > 0;
}
