namespace TransferLab.Lessons;

/// <summary>
/// Lays features flat, so that they can be drawn: t-SNE (van der Maaten and Hinton 2008), in its exact form, for some hundred rows. Neighbours stay
/// neighbours; distances between far groups, and the axes, mean nothing.
/// </summary>
public static class Flatten
{
    private const int Exaggerated = 100;
    private const double Exaggeration = 8, Rate = 40;

    /// <summary>Places every row in the plane.</summary>
    /// <param name="rows">[N][width], compared by Euclidean distance after scaling each row to length 1.</param>
    /// <param name="seed">Decides where points start.</param>
    /// <param name="perplexity">About how many neighbours a row should stay near to.</param>
    /// <param name="iterations">Steps of gradient descent.</param>
    public static IReadOnlyList<(double X, double Y)> TSne(IReadOnlyList<float[]> rows, int seed = 1, double perplexity = 12, int iterations = 400)
    {
        double[][] affinities = Affinities(rows, Math.Min(perplexity, (rows.Count - 1) / 3.0));
        Random random = new(seed);
        double[][] points = [.. rows.Select(_ => new[] { random.NextDouble() * 1e-2, random.NextDouble() * 1e-2 })],
            velocity = [.. rows.Select(_ => new double[2])];
        for (int step = 0; step < iterations; step++)
        {
            double factor = step < Exaggerated ? Exaggeration : 1, momentum = step < Exaggerated ? 0.5 : 0.8;
            double[][] gradient = Gradient(points, affinities, factor);
            for (int i = 0; i < points.Length; i++)
            {
                for (int d = 0; d < 2; d++)
                {
                    velocity[i][d] = (momentum * velocity[i][d]) - (Rate * gradient[i][d]);
                    points[i][d] += velocity[i][d];
                }
            }
        }

        return [.. points.Select(point => (point[0], point[1]))];
    }

    private static double[][] Gradient(double[][] points, double[][] affinities, double factor)
    {
        int count = points.Length;
        double[][] weights = [.. points.Select(a => points.Select(b => 1 / (1 + Squared(a[0] - b[0]) + Squared(a[1] - b[1]))).ToArray())];
        double sum = weights.Sum(row => row.Sum()) - count;
        double[][] gradient = [.. points.Select(_ => new double[2])];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double pull = 4 * ((factor * affinities[i][j]) - (i == j ? 0 : weights[i][j] / sum)) * weights[i][j];
                gradient[i][0] += pull * (points[i][0] - points[j][0]);
                gradient[i][1] += pull * (points[i][1] - points[j][1]);
            }
        }

        return gradient;
    }

    /// <summary>How near every two rows are, as a probability; each row has about as many near ones as the perplexity says.</summary>
    private static double[][] Affinities(IReadOnlyList<float[]> rows, double perplexity)
    {
        double[][] unit = [.. rows.Select(row => Scaled(row))];
        double[][] conditional =
            [.. unit.Select((row, i) => Conditional([.. unit.Select(other => row.Zip(other, (a, b) => Squared(a - b)).Sum())], i, Math.Log(perplexity)))];
        int count = rows.Count;
        return [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Select(j => (conditional[i][j] + conditional[j][i]) / (2.0 * count))
            .ToArray())];
    }

    /// <summary>Finds the width of a Gaussian around one row whose entropy is the wanted one, by halving.</summary>
    private static double[] Conditional(double[] distances, int self, double entropy)
    {
        (double low, double high, double beta) = (0, double.PositiveInfinity, 1);
        double[] shares = [];
        for (int step = 0; step < 60; step++)
        {
            double[] raw = [.. distances.Select((distance, j) => j == self ? 0 : Math.Exp(-beta * distance))];
            double sum = Math.Max(1e-300, raw.Sum());
            shares = [.. raw.Select(value => value / sum)];
            double found = -shares.Where(share => share > 1e-12).Sum(share => share * Math.Log(share));
            (low, high) = found > entropy ? (beta, high) : (low, beta);
            beta = double.IsPositiveInfinity(high) ? beta * 2 : (low + high) / 2;
        }

        return shares;
    }

    private static double[] Scaled(float[] row)
    {
        double length = Math.Max(1e-12, Math.Sqrt(row.Sum(value => Squared(value))));
        return [.. row.Select(value => value / length)];
    }

    private static double Squared(double value) => value * value;
}
