namespace TransferLab.Data;

/// <summary>Reads labelled texts from CSV, TSV or JSON Lines, and checks every row before anything is trained.</summary>
public static class TextData
{
    private const int ReportEvery = 1000;
    private const string NoTest = "; a test without labels measures nothing: give one with labels, or move it away and a test is split off";

    /// <summary>
    /// Reads a .csv, .tsv, .jsonl or .ndjson file, which is split, or a folder with <c>train.*</c> and <c>test.*</c> or <c>val.*</c> of those kinds.
    /// Files are UTF-8 or UTF-16; CSV and TSV have a header and follow RFC 4180, JSON Lines hold an object a line.
    /// An example is named <c>FILE:ROW</c>, the first row of data being row 1, and its source is the text itself.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">Columns, test and split; null for the defaults.</param>
    /// <param name="progress">Receives the number of rows read, after every thousand and at the end.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">The data cannot be used; the message names file and row.</exception>
    public static LabeledData Read(
        string path, TextDataOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new TextDataOptions();
        if (options.TextColumn == options.LabelColumn)
        {
            throw new DataException(
                $"{Naming.Quote(options.TextColumn)} is given as the column of texts and of labels; name two columns (option TextColumn, option LabelColumn).");
        }

        path = Full(path);
        var layout = TextLayout.Find(path, options.TestPath is null ? null : Full(options.TestPath));
        int rows = 0;
        var trainFile = ReadFile(layout.Train, Path.GetFileName(layout.Train), "");
        var testFile = layout.Test is null ? null : ReadFile(layout.Test, TestName(layout.Train, layout.Test), NoTest);
        progress?.Report(rows);
        TextChecks.Rows(trainFile, testFile);
        string[] classes = TextChecks.Classes(trainFile, testFile);

        TextFile[] files = testFile is null ? [trainFile] : [trainFile, testFile];
        List<string> warnings = [.. layout.Notes, .. files.SelectMany(file => file.Warnings)];
        TextChecks.LeftOut(files, warnings);
        var train = trainFile.Examples(classes);
        var test = testFile?.Examples(classes) ?? [];
        TextChecks.Single(classes, train, warnings);
        if (testFile is null)
        {
            DataChecks.AllTheSame(classes, train, "text", warnings);
            (train, test) = Split.StratifiedSplit(train, options.TestShare, options.SplitSeed);
            TextChecks.Held(path, test);
        }

        DataChecks.Compare(classes, train, test, "text", warnings);
        return new LabeledData
        {
            Name = Directory.Exists(path) ? Path.GetFileName(path) : Path.GetFileNameWithoutExtension(path),
            Classes = classes,
            Train = train,
            Test = test,
            Warnings = warnings,
            Hash = DataHash.Of(classes, train, test),
        };

        TextFile ReadFile(string file, string name, string withoutLabels)
        {
            try
            {
                return TextFile.Read(file, name, options, Seen);
            }
            catch (NoLabelsException e)
            {
                throw new DataException($"{e.Message.TrimEnd('.')}{withoutLabels}.", e);
            }
        }

        void Seen()
        {
            cancellation.ThrowIfCancellationRequested();
            if (++rows % ReportEvery == 0)
            {
                progress?.Report(rows);
            }
        }
    }

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    // Files of one name in two folders are told apart by the folder's.
    private static string TestName(string train, string test) => Path.GetFileName(train) == Path.GetFileName(test)
        ? $"{Path.GetFileName(Path.GetDirectoryName(test))}/{Path.GetFileName(test)}"
        : Path.GetFileName(test);
}
