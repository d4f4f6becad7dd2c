namespace TransferLab.Models;

/// <summary>A linear classifier with probabilities, computed without a tensor library, each row for itself.</summary>
/// <param name="weight">[classes][width].</param>
/// <param name="bias">[classes].</param>
internal sealed class LinearSoftmax(float[][] weight, float[] bias)
{
    public IReadOnlyList<float[]> Weight => weight;

    public IReadOnlyList<float> Bias => bias;

    /// <summary>[classes] probabilities that sum to 1.</summary>
    public float[] Probabilities(float[] row) => Array.ConvertAll(LogProbabilities(row), value => (float)Math.Exp(value));

    /// <summary>[classes] natural logarithms of the probabilities.</summary>
    public double[] LogProbabilities(float[] row)
    {
        double[] logits = new double[bias.Length];
        for (int k = 0; k < logits.Length; k++)
        {
            double sum = bias[k];
            float[] weights = weight[k];
            for (int i = 0; i < weights.Length; i++)
            {
                sum += (double)weights[i] * row[i];
            }

            logits[k] = sum;
        }

        double most = logits.Max();
        double total = most + Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
        return Array.ConvertAll(logits, logit => logit - total);
    }
}
