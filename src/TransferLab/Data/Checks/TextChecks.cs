namespace TransferLab.Data;

/// <summary>What is looked at in the rows of text files before training.</summary>
internal static class TextChecks
{
    /// <exception cref="DataException">A file without one usable row.</exception>
    public static void Rows(TextFile train, TextFile? test)
    {
        foreach (var (file, kind) in new[] { (train, "rows"), (test, "test rows") })
        {
            if (file?.Kept.Count == 0)
            {
                int seen = file.Empty.Count + file.Unlabeled.Count;
                string found = seen == 0 ? "" : $" with text and label ({file.Empty.Count} without text, {file.Unlabeled.Count} without label)";
                throw new DataException(
                    $"{file.Path} has no {kind}{found}; give every row a text and a label{(file == test ? ", or move it away and a test is split off" : "")}.");
            }
        }
    }

    /// <summary>The classes of the training rows, in ordinal order.</summary>
    /// <exception cref="DataException">Fewer than two, or the test has one more.</exception>
    public static string[] Classes(TextFile train, TextFile? test)
    {
        string[] classes = train.Kept.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (classes.Length < 2)
        {
            throw new DataException($"{train.Path} has one class, {Naming.Quote(classes[0])}; at least two different labels are needed.");
        }

        var unknown = (test?.Kept ?? []).GroupBy(row => row.Label).Where(group => Array.BinarySearch(classes, group.Key, StringComparer.Ordinal) < 0)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{ClassNames.WithTwin(group.Key, classes)} ({test!.NameOf(group.First().Number)})").ToArray();
        return unknown.Length == 0
            ? classes
            : throw new DataException(
                $"{test!.Path} has labels that {train.Path} lacks: {Naming.Some(unknown)}; write the same label the same way, add training rows, or remove "
                    + $"them from the test.");
    }

    /// <summary>Warns of rows without text or label.</summary>
    public static void LeftOut(TextFile[] files, List<string> warnings)
    {
        Add(files.SelectMany(file => file.Empty.Select(file.NameOf)).ToArray(), "text");
        Add(files.SelectMany(file => file.Unlabeled.Select(file.NameOf)).ToArray(), "label");

        void Add(string[] rows, string missing)
        {
            if (rows.Length > 0)
            {
                warnings.Add($"{Naming.Count(rows.Length, $"row has no {missing} and is", $"rows have no {missing} and are")} left out: {Naming.Some(rows)}.");
            }
        }
    }

    /// <summary>Warns of classes with one row; <paramref name="train"/> is what was read, before a split.</summary>
    public static void Single(string[] classes, IReadOnlyList<Example> train, List<string> warnings)
    {
        string[] single = train.GroupBy(example => example.Label).Where(group => group.Count() == 1).OrderBy(group => group.Key)
            .Select(group => $"{Naming.Quote(classes[group.Key])} ({group.First().Name})").ToArray();
        if (single.Length > 0)
        {
            warnings.Add($"{Naming.Count(single.Length, "class has", "classes have")} a single row to learn from: {Naming.Some(single)}.");
        }
    }

    /// <exception cref="DataException">A split held nothing out.</exception>
    public static void Held(string path, IReadOnlyList<Example> test)
    {
        if (test.Count == 0)
        {
            throw new DataException(
                $"{path} has no test rows, and none can be split off: every class has one text, or copies of one; give a class two different texts or more.");
        }
    }
}
