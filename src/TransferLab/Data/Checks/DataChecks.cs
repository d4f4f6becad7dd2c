namespace TransferLab.Data;

/// <summary>What is looked at in any labelled data before training: are the classes even, is anything in two places.</summary>
internal static class DataChecks
{
    private const int Imbalance = 10;

    /// <summary>Adds a warning for classes without test, uneven classes, and equal contents (by hash) in two places.</summary>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="train">Training examples, at least one of every class.</param>
    /// <param name="test">Test examples.</param>
    /// <param name="noun">What one example is, in the singular: "image" or "text".</param>
    /// <param name="warnings">Receives a sentence each.</param>
    public static void Compare(string[] classes, IReadOnlyList<Example> train, IReadOnlyList<Example> test, string noun, List<string> warnings)
    {
        int[] counts = new int[classes.Length];
        foreach (var example in train)
        {
            counts[example.Label]++;
        }

        var tested = test.Select(example => example.Label).ToHashSet();
        string[] untested = classes.Where((_, label) => !tested.Contains(label)).ToArray();
        if (untested.Length > 0)
        {
            warnings.Add($"The test has no {noun} of {Naming.Quoted(untested)}: the accuracy says nothing about {(untested.Length == 1 ? "it" : "them")}.");
        }

        ClassNames.Compare(classes, counts, warnings);

        if (counts.Max() >= Imbalance * counts.Min())
        {
            string most = Naming.Quote(classes[Array.IndexOf(counts, counts.Max())]);
            string least = Naming.Quote(classes[Array.IndexOf(counts, counts.Min())]);
            warnings.Add($"The classes are uneven: {most} has {counts.Max()} training {noun}s, {least} {counts.Min()}; look at the accuracy of each class.");
        }

        Duplicates(classes, train, test, noun, warnings);
    }

    /// <summary>Warns of classes of which a split can hold nothing out, for all their examples are one.</summary>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="examples">What will be split.</param>
    /// <param name="noun">What one example is.</param>
    /// <param name="warnings">Receives a sentence.</param>
    public static void AllTheSame(string[] classes, IReadOnlyList<Example> examples, string noun, List<string> warnings)
    {
        string[] same = [.. examples.GroupBy(example => example.Label).Where(group => group.Count() > 1
            && group.All(example => example.Hash.Length > 0 && example.Hash == group.First().Hash))
            .OrderBy(group => group.Key).Select(group => $"{Naming.Quote(classes[group.Key])} ({group.Count()})")];
        if (same.Length > 0)
        {
            warnings.Add(
                $"In {Naming.Count(same.Length, "class", "classes")} all {noun}s are copies of one, so none can be held out for the test: {Naming.Some(same)}; "
                    + $"add different ones.");
        }
    }

    private static void Duplicates(string[] classes, IReadOnlyList<Example> train, IReadOnlyList<Example> test, string noun, List<string> warnings)
    {
        var inTrain = train.ToLookup(example => example.Hash);
        string[] leaks = test.Where(example => inTrain.Contains(example.Hash))
            .Select(example => $"{example.Name} = {inTrain[example.Hash].First().Name}").ToArray();
        if (leaks.Length > 0)
        {
            warnings.Add(
                $"{Naming.Count(leaks.Length, $"test {noun} is", $"test {noun}s are")} also in the training data, so the test flatters: {Naming.Some(leaks)}.");
        }

        string[] disputed = train.Concat(test).GroupBy(example => example.Hash)
            .Where(group => group.Select(example => example.Label).Distinct().Count() > 1)
            .Select(group => string.Join(" = ", group.DistinctBy(example => example.Label)
                .Select(example => $"{example.Name} ({Naming.Visible(classes[example.Label])})")))
            .ToArray();
        if (disputed.Length > 0)
        {
            warnings.Add($"{Naming.Count(disputed.Length, $"{noun} has", $"{noun}s have")} more than one label: {Naming.Some(disputed)}.");
        }

        int repeated = train.Count - inTrain.Count;
        if (repeated > 0)
        {
            warnings.Add($"{Naming.Count(repeated, $"training {noun} repeats", $"training {noun}s repeat")} another one.");
        }
    }
}
