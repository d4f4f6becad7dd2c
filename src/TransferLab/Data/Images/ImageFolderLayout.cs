namespace TransferLab.Data;

/// <summary>Where in a folder the training classes lie and where the test's.</summary>
/// <param name="Train">Folder whose sub-folders are the classes.</param>
/// <param name="Test">The same for the test; null where the program splits.</param>
/// <param name="Notes">What was seen and is not used, or taken for something that it may not be; a sentence each.</param>
internal sealed record ImageFolderLayout(string Train, string? Test, IReadOnlyList<string> Notes)
{
    private const string AsIs = "(option ClassesAsIs)";
    private const string Expected = "expected are class folders with images, either FOLDER/train/<class>/* with FOLDER/test or FOLDER/val, or FOLDER/<class>/*";

    /// <summary>Names are matched in capitals or not.</summary>
    /// <param name="folder">The data set.</param>
    /// <param name="testFolder">The test, where it is named.</param>
    /// <param name="asIs">Whether the sub-folders are the classes whatever their names.</param>
    /// <exception cref="DataException">No such folder, or one without class folders, or whose sub-folders are no classes.</exception>
    public static ImageFolderLayout Find(string folder, string? testFolder, bool asIs = false)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{folder} is {(File.Exists(folder) ? "a file" : "no folder")}; {Expected}.");
        }

        if (testFolder is not null && !Directory.Exists(testFolder))
        {
            throw new DataException($"The test folder {testFolder} does not exist; give one with the same class folders as {folder}.");
        }

        if (asIs)
        {
            return new(folder, testFolder, []);
        }

        List<string> notes = [];
        string within = LookThrough(folder, notes);
        string[] subs = [.. Subs(within).Where(path => path != testFolder)];
        if (subs.Length == 0)
        {
            throw new DataException($"{within} has no sub-folders{Loose(within)}; {Expected}.");
        }

        var parts = PartNames.Among(subs.Select(Name));
        string[] others = [.. subs.Where(path => !parts.ContainsKey(Name(path)))];
        if (parts.Count == 0 || (parts.Count == 1 && parts.Values.Single() == Part.Train && IsClass(within, parts.Keys.Single(), others, notes)))
        {
            RefuseParts(within, subs);
            return new(within, testFolder, notes);
        }

        string[] unused = [.. others.Where(path => FolderScan.HoldsImages(new DirectoryInfo(path))).Select(Name)];
        if (unused.Length > 0)
        {
            notes.Add(
                $"{Naming.Quoted(unused)} in {within} {(unused.Length == 1 ? "is" : "are")} not used: {Naming.Quoted(parts.Keys)} "
                    + $"{(parts.Count == 1 ? "names a part" : "name the parts")} of the set; if all are classes, say so {AsIs}.");
        }

        return OfParts(within, testFolder, parts, notes);
    }

    /// <summary>A folder named train that is one of three classes at least, a vehicle: it holds pictures itself, as the others do.</summary>
    private static bool IsClass(string folder, string train, string[] others, List<string> notes)
    {
        string[] classes = [.. others.Where(path => FolderScan.HoldsImages(new DirectoryInfo(path))).Select(Name)];
        if (classes.Length < 2 || Subs(Path.Combine(folder, train)).Count(path => FolderScan.HoldsImages(new DirectoryInfo(path))) > 1)
        {
            return false;
        }

        notes.Add($"{Naming.Quote(train)} is taken for a class beside {Naming.Quoted(classes)}; if it is what to train on, move the others out of {folder}.");
        return true;
    }

    private static ImageFolderLayout OfParts(string folder, string? testFolder, IReadOnlyDictionary<string, Part> parts, List<string> notes)
    {
        string[] trains = Named(Part.Train), withClasses = [.. trains.Where(HasClasses)];
        if (withClasses.Length > 1)
        {
            throw new DataException($"{folder} has {Naming.Quoted(withClasses.Select(Name))}, each with class folders; keep one of them, or name it itself.");
        }

        if (withClasses.Length == 0)
        {
            string found = trains.Length == 0
                ? $"{Naming.Some(parts.Keys.Select(name => name + "/"))} but no train/ with class folders"
                : $"{Naming.Some(parts.Keys.Select(name => name + "/"))}, parts of a set and no classes, and no class folders in "
                    + $"{Naming.Some(trains.Select(path => Name(path) + "/"))}";
            throw new DataException($"{folder} has {found}; {Expected} (if these are the classes, say so: option ClassesAsIs).");
        }

        string train = LookThrough(withClasses[0], notes);
        string[] tests = [.. Named(Part.Test), .. Named(Part.Validation)];
        string? test = testFolder ?? tests.FirstOrDefault(HasClasses);
        if (test is null && tests.Length > 0)
        {
            throw new DataException(
                $"{tests[0]} has no class folders{Loose(tests[0])}: a test without labels measures nothing; sort it into the classes of {train}, or move it "
                    + $"elsewhere and a test is split off.");
        }

        string[] unused = [.. trains.Concat(tests).Concat(Named(Part.Other)).Where(path => path != test && path != withClasses[0]).Select(Name)];
        if (unused.Length > 0)
        {
            notes.Add(
                $"{Naming.Quoted(unused)} in {folder} {(unused.Length == 1 ? "is" : "are")} not used: "
                    + $"{(test is null ? "the test is split off" : $"the test is {test}")}, and validation data is split off from train.");
        }

        RefuseParts(train, [.. Subs(train).Where(path => path != testFolder)]);
        return new(train, test is null || test == testFolder ? test : LookThrough(test, notes), notes);

        string[] Named(Part part) => [.. parts.Where(item => item.Value == part).Select(item => Path.Combine(folder, item.Key)).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Pictures beside their masks are no classes. Nor are folders without images of their own that all hold the same folders: the classes are within. One
    /// shared name is none: <c>&lt;class&gt;/images/*</c> is usual.
    /// </summary>
    private static void RefuseParts(string folder, string[] subs)
    {
        if (PartNames.ArePictureAndCompanion([.. subs.Select(Name)]))
        {
            throw new DataException(
                $"{folder}: {Naming.Some(subs.Select(Name))} are pictures and what belongs to them, no classes; name the folder with the class folders itself; "
                    + $"{Expected} (if these are the classes, say so: option ClassesAsIs).");
        }

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
            throw new DataException(
                $"{folder}: {Naming.Some(subs.Select(Name))} hold no images but the same folders, {Naming.Some(fewest)}; {Expected} (if these are the classes, "
                    + $"say so: option ClassesAsIs).");
        }
    }

    /// <summary>The folder in it, as long as a folder holds nothing but one: archives are often packed so. Parts of a set are left for themselves.</summary>
    private static string LookThrough(string folder, List<string> notes)
    {
        string at = folder;
        while (Subs(at) is [string only] && new DirectoryInfo(only).LinkTarget is null && HasClasses(only)
            && PartNames.Among([Name(only)]).Count - PartNames.Among([Name(at)]).Count <= 0
            && !FolderScan.List(at).Files.Concat(FolderScan.List(only).Files).Any(file => FolderScan.IsImage(file.Name)))
        {
            at = only;
        }

        if (at != folder)
        {
            notes.Add($"{folder} holds nothing but {Path.GetRelativePath(folder, at).Replace('\\', '/')}: the folders in there are read.");
        }

        return at;
    }

    private static string[] Subs(string folder) => [.. FolderScan.List(folder).Folders.Select(sub => sub.FullName)];

    private static bool HasClasses(string path) => FolderScan.List(path).Folders.Count > 0;

    private static string Name(string path) => Path.GetFileName(path);

    private static string Loose(string folder) => FolderScan.List(folder).Files.Count(file => FolderScan.IsImage(file.Name)) is > 0 and var images
        ? $" and {images} images that lie loose"
        : "";
}
