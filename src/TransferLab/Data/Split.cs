namespace TransferLab.Data;

/// <summary>Divides and thins out examples by seed: the same on every system and for every order of the input.</summary>
public static class Split
{
    /// <summary>Holds out a share of every class.</summary>
    /// <remarks>
    /// A class keeps at least one example; where it has two or more different ones, at least one is held out (none at a share of 0).
    /// Examples with the same <see cref="Example.Hash"/> stay on one side, so that nothing held out has been trained on.
    /// </remarks>
    /// <param name="examples">What is divided, in any order.</param>
    /// <param name="share">Share of each class that is held out, 0 to below 1.</param>
    /// <param name="seed">Same seed, same split.</param>
    /// <returns>Both parts in the ordinal order of their names.</returns>
    public static (IReadOnlyList<Example> Kept, IReadOnlyList<Example> HeldOut) StratifiedSplit(
        IReadOnlyList<Example> examples, double share, int seed)
    {
        if (!(share is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), $"The share held out is at least 0 and less than 1, not {share}.");
        }

        var random = new Random(seed);
        var held = new HashSet<Example[]>();
        var classes = ByClass(examples);
        foreach (var groups in classes)
        {
            random.Shuffle(groups);
            int target = share == 0 ? 0 : Math.Max(1, (int)Math.Round(share * groups.Sum(group => group.Length)));
            int count = 0;
            for (int i = 0; i < groups.Length - 1 && count < target; i++)
            {
                held.Add(groups[i]);
                count += groups[i].Length;
            }
        }

        KeepEveryClass(classes.SelectMany(groups => groups).ToArray(), held);
        return (Ordered(classes, held.Contains, false), Ordered(classes, held.Contains, true));
    }

    /// <summary>Thins the training examples to the same number a class; the test stays whole.</summary>
    /// <remarks>With the same seed a smaller draw is part of a larger one.</remarks>
    /// <param name="data">The task.</param>
    /// <param name="perClass">Training examples a class; a class with fewer keeps all, with a warning.</param>
    /// <param name="seed">Same seed, same draw.</param>
    public static LabeledData Subsample(LabeledData data, int perClass, int seed)
    {
        if (perClass < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(perClass), $"The number of training examples per class is 1 or more, not {perClass}.");
        }

        var random = new Random(seed);
        var drawn = new List<Example>();
        var small = new List<string>();
        for (int label = 0; label < data.Classes.Count; label++)
        {
            var examples = data.Train.Where(example => example.Target.Stratum == label).OrderBy(example => example.Name, StringComparer.Ordinal).ToArray();
            random.Shuffle(examples);
            drawn.AddRange(examples.Take(perClass));
            if (examples.Length < perClass)
            {
                small.Add($"'{data.Classes[label]}' ({examples.Length})");
            }
        }

        var train = drawn.OrderBy(example => example.Name, StringComparer.Ordinal).ToArray();
        string[] warnings = small.Count == 0
            ? []
            : [$"Fewer than {perClass} training examples, so all are used: {Naming.Some(small)}."];
        return data with
        {
            Train = train,
            Warnings = [.. data.Warnings, .. warnings],
            Hash = DataHash.Of(data.Classes, train, data.Test),
        };
    }

    /// <summary>Deals every class out to parts of which each is held out once, so that every example is, but those that a class could not do without.</summary>
    /// <param name="examples">What is divided, in any order.</param>
    /// <param name="count">How many parts, 2 or more.</param>
    /// <param name="seed">Same seed, same parts.</param>
    /// <returns>One pair a part that holds anything out, each side in the ordinal order of its names; equal examples are on one side.</returns>
    internal static IReadOnlyList<(IReadOnlyList<Example> Kept, IReadOnlyList<Example> HeldOut)> StratifiedFolds(
        IReadOnlyList<Example> examples, int count, int seed)
    {
        var random = new Random(seed);
        var folds = Enumerable.Range(0, count).Select(_ => new HashSet<Example[]>()).ToArray();
        var classes = ByClass(examples);
        int dealt = 0;
        foreach (var groups in classes)
        {
            random.Shuffle(groups);
            foreach (var group in groups)
            {
                folds[dealt++ % count].Add(group);
            }
        }

        foreach (var held in folds)
        {
            KeepEveryClass(classes.SelectMany(groups => groups).ToArray(), held);
        }

        return [.. folds.Where(held => held.Count > 0).Select(held => (
            (IReadOnlyList<Example>)Ordered(classes, held.Contains, false), (IReadOnlyList<Example>)Ordered(classes, held.Contains, true)))];
    }

    /// <summary>The share, where a test can be split off by it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0.01 to 0.9.</exception>
    internal static double CheckedShare(double share, string name) => share is >= 0.01 and <= 0.9
        ? share
        : throw new ArgumentOutOfRangeException(name, $"The share held out for the test is within 0.01 and 0.9, not {share}.");

    private static Example[][][] ByClass(IReadOnlyList<Example> examples) =>
        [.. Groups(examples).GroupBy(group => group[0].Target.Stratum).OrderBy(group => group.Key).Select(group => group.ToArray())];

    // Examples that are one and the same picture or text move together.
    private static IEnumerable<Example[]> Groups(IReadOnlyList<Example> examples) => examples
        .OrderBy(example => example.Name, StringComparer.Ordinal)
        .Select((example, i) => (Example: example, Key: example.Hash.Length > 0 ? example.Hash : $"#{i}"))
        .GroupBy(item => item.Key, item => item.Example)
        .Select(group => group.ToArray());

    // A group under two labels counts for its first alone; the other may have lost its only example with it.
    private static void KeepEveryClass(Example[][] groups, HashSet<Example[]> held)
    {
        var kept = groups.Where(group => !held.Contains(group)).SelectMany(group => group).Select(example => example.Target.Stratum).ToHashSet();
        foreach (var group in groups.Where(held.Contains))
        {
            if (group.Any(example => !kept.Contains(example.Target.Stratum)))
            {
                held.Remove(group);
                kept.UnionWith(group.Select(example => example.Target.Stratum));
            }
        }
    }

    private static Example[] Ordered(Example[][][] classes, Func<Example[], bool> isHeld, bool wanted) => classes
        .SelectMany(groups => groups)
        .Where(group => isHeld(group) == wanted)
        .SelectMany(group => group)
        .OrderBy(example => example.Name, StringComparer.Ordinal)
        .ToArray();
}
