namespace TransferLab.Comparison.Advice;

/// <summary>Linear regression on a handful of measurements: standardised predictors, a penalty that holds them near zero, a free intercept.</summary>
internal sealed class Ridge
{
    private readonly double[] _mean, _deviation, _weights;
    private readonly double _intercept;

    /// <summary>Fits.</summary>
    /// <param name="rows">[n][predictors].</param>
    /// <param name="targets">[n].</param>
    /// <param name="penalty">As if so many measurements had said that no predictor matters.</param>
    public Ridge(IReadOnlyList<double[]> rows, IReadOnlyList<double> targets, double penalty)
    {
        int width = rows[0].Length;
        _mean = [.. Enumerable.Range(0, width).Select(j => rows.Average(row => row[j]))];
        _deviation = [.. Enumerable.Range(0, width).Select(j => Math.Max(1e-6, Math.Sqrt(rows.Average(row => Math.Pow(row[j] - _mean[j], 2)))))];
        _intercept = targets.Average();
        double[][] z = [.. rows.Select(Standardise)];
        double[,] a = new double[width, width + 1];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                a[i, j] = z.Sum(row => row[i] * row[j]) + (i == j ? penalty : 0);
            }

            a[i, width] = z.Zip(targets, (row, t) => row[i] * (t - _intercept)).Sum();
        }

        _weights = Solve(a, width);
    }

    /// <summary>Predicts.</summary>
    public double At(double[] row) => _intercept + Standardise(row).Zip(_weights, (x, w) => x * w).Sum();

    private double[] Standardise(double[] row) => [.. row.Select((value, j) => (value - _mean[j]) / _deviation[j])];

    // Gaussian elimination; the penalty keeps the matrix positive definite.
    private static double[] Solve(double[,] a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int row = i + 1; row < n; row++)
            {
                double factor = a[row, i] / a[i, i];
                for (int j = i; j <= n; j++)
                {
                    a[row, j] -= factor * a[i, j];
                }
            }
        }

        double[] x = new double[n];
        for (int i = n - 1; i >= 0; i--)
        {
            x[i] = (a[i, n] - Enumerable.Range(i + 1, n - i - 1).Sum(j => a[i, j] * x[j])) / a[i, i];
        }

        return x;
    }
}
