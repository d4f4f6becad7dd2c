using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>What each test example counts: the one place that knows the task. Statistics see the numbers alone.</summary>
internal static class TaskScores
{
    /// <summary>The scores of one set of predictions, by metric.</summary>
    /// <param name="predictions">[N] predictions.</param>
    /// <param name="labels">[N] true class indices.</param>
    public static Dictionary<string, double[]> Of(Predictions predictions, IReadOnlyList<int> labels) => new()
    {
        [MetricSummary.Accuracy.Name] = Right(predictions.Labels, labels),
    };

    /// <summary>The scores of a run by one metric; of results that hold labels alone, whether each is right.</summary>
    public static double[] Of(RunResult run, MetricSummary metric, IReadOnlyList<int> labels) =>
        run.Scores.TryGetValue(metric.Name, out double[]? scores) && scores.Length == labels.Count ? scores : Right(run.Predicted, labels);

    /// <summary>1 where the label is the true one, 0 elsewhere.</summary>
    public static double[] Right(IReadOnlyList<int> predicted, IReadOnlyList<int> labels) => [.. predicted.Select((label, i) => label == labels[i] ? 1.0 : 0)];
}
