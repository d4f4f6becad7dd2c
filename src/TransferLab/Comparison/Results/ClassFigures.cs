namespace TransferLab.Comparison;

/// <summary>How well one class is told from the others, over all seeds.</summary>
/// <param name="Recall">Share of its test examples that are found; null where the test has none.</param>
/// <param name="Precision">Share of what was taken for it that is of it; null where nothing was.</param>
/// <param name="Tests">Its test examples.</param>
public sealed record ClassFigures(double? Recall, double? Precision, int Tests)
{
    /// <summary>The figures of every class, in label order.</summary>
    internal static IReadOnlyList<ClassFigures> Of(IReadOnlyList<RunResult> runs, IReadOnlyList<int> labels, int classes)
    {
        int[] tests = new int[classes], right = new int[classes], predicted = new int[classes];
        foreach (int label in labels)
        {
            tests[label]++;
        }

        foreach (RunResult run in runs)
        {
            for (int i = 0; i < labels.Count; i++)
            {
                predicted[run.Predicted[i]]++;
                right[labels[i]] += run.Predicted[i] == labels[i] ? 1 : 0;
            }
        }

        return [.. Enumerable.Range(0, classes).Select(c => new ClassFigures(
            tests[c] == 0 ? null : (double)right[c] / tests[c] / runs.Count, predicted[c] == 0 ? null : (double)right[c] / predicted[c], tests[c]))];
    }
}
