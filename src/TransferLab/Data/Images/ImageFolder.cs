namespace TransferLab.Data;

/// <summary>Reads a folder of images whose sub-folders are the classes, and checks every file before anything is trained.</summary>
public static class ImageFolder
{
    /// <summary>
    /// Reads <c>FOLDER/train/&lt;class&gt;/*</c> with <c>FOLDER/test</c> or <c>FOLDER/val</c>, or <c>FOLDER/&lt;class&gt;/*</c>, which is split.
    /// Every image is decoded once, on all processors; none is kept in memory.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Test and split; null for the defaults.</param>
    /// <param name="progress">Receives the number of images checked.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <exception cref="DataException">The folder cannot be used; the message names the first of the files that cannot be read.</exception>
    public static ImageData Read(
        string folder, ImageFolderOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new ImageFolderOptions();
        folder = Full(folder);
        var layout = ImageFolderLayout.Find(folder, options.TestFolder is null ? null : Full(options.TestFolder), options.ClassesAsIs);
        var scan = new FolderScan();
        var trainFolders = scan.Classes(layout.Train, layout.Test, options.ClassesAsIs);
        var testFolders = layout.Test is null ? [] : scan.Classes(layout.Test, dotted: options.ClassesAsIs);
        string[] classes = trainFolders.Select(item => item.Class).ToArray();
        CheckClasses(layout, classes, trainFolders, testFolders, scan);

        var found = Listed(trainFolders, classes, path => Relative(folder, path)).ToArray();
        var foundTest = Listed(testFolders, classes, path => RelativeInTest(folder, layout.Test!, path)).ToArray();
        List<string> warnings = [.. layout.Notes];
        ImageChecks.Passed(scan, warnings);
        var checkedImages = ImageChecks.Decode([.. found, .. foundTest], progress, cancellation);
        ImageChecks.Unreadable(checkedImages, folder, options.SkipUnreadable, warnings);
        ImageChecks.TwelveBits(checkedImages, warnings);

        IReadOnlyList<Example> train = ImageChecks.Readable(checkedImages.AsSpan(0, found.Length));
        IReadOnlyList<Example> test = ImageChecks.Readable(checkedImages.AsSpan(found.Length));
        RequireEveryClass(layout, classes, train);
        if (layout.Test is null)
        {
            DataChecks.AllTheSame(classes, train, "image", warnings);
            (train, test) = Split.StratifiedSplit(train, options.TestShare, options.SplitSeed);
        }

        if (test.Count == 0)
        {
            throw new DataException(layout.Test is null
                ? $"{folder}: no test images can be split off, as every class has one image, or copies of one; give a class two different images or more."
                : $"{layout.Test} has no test images; put them into class folders.");
        }

        DataChecks.Compare(classes, train, test, "image", warnings);
        var data = new LabeledData
        {
            Name = Path.GetFileName(folder) is { Length: > 0 } name ? name : folder,
            Classes = classes,
            Train = train,
            Test = test,
            Warnings = warnings,
            Hash = DataHash.Of(classes, train, test),
        };
        return new ImageData(data, ImageChecks.MedianShortSide(checkedImages, train));
    }

    private static void CheckClasses(
        ImageFolderLayout layout,
        string[] classes,
        IReadOnlyList<(string Class, IReadOnlyList<string> Files)> train,
        IReadOnlyList<(string Class, IReadOnlyList<string> Files)> test,
        FolderScan scan)
    {
        string[] empty = train.Where(item => item.Files.Count == 0).Select(item => item.Class).ToArray();
        if (empty.Length > 0)
        {
            throw new DataException(
                $"{layout.Train} has class folders without images: {Naming.Quoted(empty)}{ImageChecks.Kinds(scan)}; fill or remove them "
                    + $"({string.Join(' ', ImageFile.Extensions)} are read).");
        }

        if (classes.Length < 2)
        {
            throw new DataException(
                $"{layout.Train} has {(classes.Length == 0 ? "no class" : $"one class, {Naming.Quote(classes[0])}")}; at least two class folders with images "
                    + $"are needed.");
        }

        string[] unknown = test.Where(item => item.Files.Count > 0).Select(item => item.Class).Except(classes).ToArray();
        if (unknown.Length > 0)
        {
            string named = Naming.Some(unknown.Select(name => ClassNames.WithTwin(name, classes)));
            throw new DataException(
                $"{layout.Test} has classes that {layout.Train} lacks: {named}; name the folders alike, add training images, or remove them from the test.");
        }
    }

    private static void RequireEveryClass(ImageFolderLayout layout, string[] classes, IReadOnlyList<Example> train)
    {
        var seen = train.Select(example => example.Label).ToHashSet();
        string[] lost = classes.Where((_, label) => !seen.Contains(label)).ToArray();
        if (lost.Length > 0)
        {
            throw new DataException($"{layout.Train} has classes without one readable image: {Naming.Quoted(lost)}; replace the files or remove the folders.");
        }
    }

    private static IEnumerable<Example> Listed(
        IReadOnlyList<(string Class, IReadOnlyList<string> Files)> folders, string[] classes, Func<string, string> name) =>
        from item in folders
        from path in item.Files
        select new Example(name(path), path, Array.IndexOf(classes, item.Class));

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    // A test folder elsewhere lends its own name, so that no name begins with '..'.
    private static string RelativeInTest(string folder, string test, string path)
    {
        string name = Relative(folder, path);
        return name.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(name)
            ? $"{Path.GetFileName(test)}/{Relative(test, path)}"
            : name;
    }
}
