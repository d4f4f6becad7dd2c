using TransferLab.Models;

namespace TransferLab.Learners;

/// <summary>Brings every feature to mean 0 and deviation 1 over the training examples.</summary>
internal sealed class Standardization
{
    /// <summary>Features that vary less are left as wide as they are: rounding is not to be blown up.</summary>
    private const double Smallest = 1e-4;
    private readonly double[] _mean, _deviation;

    /// <param name="rows">[N][width], N at least 1.</param>
    public Standardization(IReadOnlyList<float[]> rows)
    {
        _mean = new double[rows[0].Length];
        _deviation = new double[_mean.Length];
        foreach (float[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                _mean[i] += row[i];
                _deviation[i] += (double)row[i] * row[i];
            }
        }

        for (int i = 0; i < _mean.Length; i++)
        {
            _mean[i] /= rows.Count;
            double deviation = Math.Sqrt(Math.Max(0, (_deviation[i] / rows.Count) - (_mean[i] * _mean[i])));
            _deviation[i] = deviation > Smallest ? deviation : 1;
        }
    }

    /// <summary>Changes a row in place.</summary>
    public void Apply(float[] row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (float)((row[i] - _mean[i]) / _deviation[i]);
        }
    }

    /// <summary>The classifier of rows as they are that agrees with one of standardised rows.</summary>
    public LinearSoftmax FoldInto(LinearSoftmax standardized)
    {
        float[][] weight = [.. standardized.Weight.Select(weights => weights.Select((value, i) => (float)(value / _deviation[i])).ToArray())];
        float[] bias = [.. standardized.Bias.Select((value, k) => (float)(value - weight[k].Select((w, i) => w * _mean[i]).Sum()))];
        return new(weight, bias);
    }
}
