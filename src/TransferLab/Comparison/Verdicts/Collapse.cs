using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Notices models that give one label to everything: their accuracy is the share of a class, and says nothing of the strategy.</summary>
internal static class Collapse
{
    private const int Most = 5;

    /// <summary>One sentence that names the rows it happened to; nothing where it did not, or where the test has one class alone.</summary>
    /// <param name="rows">The rows with their runs.</param>
    /// <param name="labels">True labels of the test examples.</param>
    /// <param name="classes">Class names.</param>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<StrategyResult> rows, IReadOnlyList<int> labels, IReadOnlyList<string> classes)
    {
        if (labels.Distinct().Count() < 2)
        {
            return [];
        }

        string[] collapsed = [.. rows.Select(row => Describe(row, classes)).OfType<string>()];
        string more = collapsed.Length > Most ? $" and {Naming.Count(collapsed.Length - Most, "more row", "more rows")}" : "";
        return collapsed.Length == 0 ? []
            : [$"One label for every test example: {string.Join(", ", collapsed.Take(Most))}{more}. Such a model has learnt nothing that tells the classes "
                + $"apart; look at its learning rate, its number of epochs and the balance of the classes."];
    }

    private static string? Describe(StrategyResult row, IReadOnlyList<string> classes)
    {
        RunResult[] runs = [.. row.Runs.Where(run => run.Predicted.Count > 1 && run.Predicted.All(label => label == run.Predicted[0]))];
        string given = string.Join(" or ", runs.Select(run => run.Predicted[0]).Distinct().Take(2).Select(label => $"'{Short(classes[label])}'"));
        return runs.Length == 0 ? null : $"{row.Name} gives {given}{(runs.Length < row.Runs.Count ? $" with {runs.Length} of {row.Runs.Count} seeds" : "")}";
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..39] + "\u2026";
}
