using TransferLab.Comparison;

namespace TransferLab.Reporting.Sections;

/// <summary>How often each class was taken for each other, over all runs of a strategy.</summary>
internal sealed class ConfusionCounts
{
    private readonly int[,] _counts;
    private readonly int[] _totals;

    /// <summary>Counts; predictions of classes that the data does not have are left out.</summary>
    public ConfusionCounts(ComparisonResults results, StrategyResult strategy)
    {
        Classes = results.Data.Classes.Count;
        _counts = new int[Classes, Classes];
        _totals = new int[Classes];
        foreach (RunResult run in strategy.Runs)
        {
            for (int i = 0; i < Math.Min(run.Predicted.Count, results.Test.Count); i++)
            {
                int label = results.Test[i].Label, predicted = run.Predicted[i];
                if ((uint)label < (uint)Classes && (uint)predicted < (uint)Classes)
                {
                    _counts[label, predicted]++;
                    _totals[label]++;
                }
            }
        }
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Times that the true class <paramref name="label"/> was predicted as <paramref name="predicted"/>.</summary>
    public int this[int label, int predicted] => _counts[label, predicted];

    /// <summary>The count as a share of the true class, in [0, 1].</summary>
    public double Share(int label, int predicted) => _totals[label] == 0 ? 0 : (double)_counts[label, predicted] / _totals[label];

    /// <summary>Predictions of a true class.</summary>
    public int Total(int label) => _totals[label];

    /// <summary>Whether there is anything to show.</summary>
    public bool IsEmpty => _totals.All(total => total == 0);

    /// <summary>The most frequent mistakes, the most frequent first.</summary>
    public IReadOnlyList<(int Label, int Predicted, int Count)> Worst(int most)
    {
        var mistakes =
            from label in Enumerable.Range(0, Classes)
            from predicted in Enumerable.Range(0, Classes)
            where label != predicted && _counts[label, predicted] > 0
            orderby _counts[label, predicted] descending, Share(label, predicted) descending, label, predicted
            select (label, predicted, _counts[label, predicted]);
        return [.. mistakes.Take(most)];
    }
}
