using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>Figures of one set of predictions.</summary>
/// <param name="Accuracy">Share of examples that are right.</param>
/// <param name="MacroF1">Mean over the classes of the harmonic mean of precision and recall; 0 for a class never predicted.</param>
/// <param name="LogLoss">Mean of minus the natural logarithm of the probability of the true class, which counts as at least 1e-7.</param>
internal sealed record Metrics(double Accuracy, double MacroF1, double LogLoss)
{
    private const double SmallestProbability = 1e-7;

    /// <summary>Computes them.</summary>
    /// <param name="predictions">[N] predictions.</param>
    /// <param name="labels">[N] true class indices.</param>
    /// <param name="classes">Number of classes; those that the test lacks do not count for F1.</param>
    public static Metrics Of(Predictions predictions, IReadOnlyList<int> labels, int classes)
    {
        int[] right = new int[classes], predicted = new int[classes], actual = new int[classes];
        double loss = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            actual[labels[i]]++;
            predicted[predictions.Labels[i]]++;
            right[labels[i]] += predictions.Labels[i] == labels[i] ? 1 : 0;
            loss -= Math.Log(Math.Max(SmallestProbability, predictions.Probabilities[i][labels[i]]));
        }

        double f1 = Enumerable.Range(0, classes).Where(c => actual[c] > 0).Average(c => 2.0 * right[c] / (actual[c] + predicted[c]));
        return new((double)right.Sum() / labels.Count, f1, loss / labels.Count);
    }
}
