using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>
/// Temperature scaling (Guo et al. 2017, arXiv:1706.04599): logits are divided by the one number that gives examples held out from training the lowest log
/// loss.
/// </summary>
internal static class TemperatureScaling
{
    private const double Least = 0.05, Most = 20;
    private const double SmallestProbability = 1e-12;
    private const int Steps = 60;

    /// <summary>
    /// Finds the temperature by golden-section search; log loss has one minimum in 1/T. Where all examples are right it has none, as every higher confidence is
    /// better still: such examples say nothing, and the temperature stays 1.
    /// </summary>
    public static double Fit(Predictions predictions, IReadOnlyList<int> labels)
    {
        if (predictions.Labels.SequenceEqual(labels))
        {
            return 1;
        }

        double golden = (Math.Sqrt(5) - 1) / 2, low = Math.Log(Least), high = Math.Log(Most);
        for (int i = 0; i < Steps; i++)
        {
            double a = high - (golden * (high - low)), b = low + (golden * (high - low));
            (low, high) = Loss(a) < Loss(b) ? (low, b) : (a, high);
        }

        return Math.Exp((low + high) / 2);

        double Loss(double logarithm) =>
            predictions.Probabilities.Select((row, i) => -Math.Log(Math.Max(SmallestProbability, Row(row, Math.Exp(logarithm))[labels[i]]))).Average();
    }

    /// <summary>The probabilities at a temperature; the most probable class stays.</summary>
    public static Predictions Apply(Predictions predictions, double temperature) => new([.. predictions.Probabilities.Select(row => Row(row, temperature))]);

    private static float[] Row(float[] probabilities, double temperature)
    {
        double[] logits = Array.ConvertAll(probabilities, p => Math.Log(Math.Max(SmallestProbability, p)) / temperature);
        double most = logits.Max();
        double[] powers = Array.ConvertAll(logits, x => Math.Exp(x - most));
        double sum = powers.Sum();
        return Array.ConvertAll(powers, x => (float)(x / sum));
    }
}
