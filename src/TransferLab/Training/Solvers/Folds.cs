using TransferLab.Data;

namespace TransferLab.Training;

/// <summary>Which training examples a choice is judged on, in turns. Every linear strategy holds out the same ones for the same seed.</summary>
internal static class Folds
{
    /// <summary>From this many examples on, one held-out part is precise enough; below, five take turns.</summary>
    private const int OneFoldFrom = 1000;
    private const int Parts = 5;

    /// <summary>Deals out each class in turn, in random order, so that every part has its share of every class.</summary>
    /// <returns>[folds][N]: whether a fold holds out an example.</returns>
    public static IReadOnlyList<bool[]> HeldOut(IReadOnlyList<Example> examples, int seed)
    {
        int[] fold = new int[examples.Count];
        Random random = new(seed);
        int dealt = 0;
        foreach (IGrouping<int, int> label in Enumerable.Range(0, examples.Count).GroupBy(i => examples[i].Target.Stratum).OrderBy(group => group.Key))
        {
            int[] members = [.. label];
            random.Shuffle(members);
            foreach (int i in members)
            {
                fold[i] = dealt++ % Parts;
            }
        }

        int used = examples.Count >= OneFoldFrom ? 1 : Math.Min(Parts, examples.Count);
        return [.. Enumerable.Range(0, used).Select(f => Array.ConvertAll(fold, x => x == f))];
    }

    /// <summary>The validation in words, for display.</summary>
    public static string Describe(int folds) =>
        folds == 1 ? "one fifth of the training examples, for the weight decay" : $"{folds}-fold cross-validation, for the weight decay";
}
