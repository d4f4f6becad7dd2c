namespace TransferLab.Training;

/// <summary>
/// Limited-memory BFGS with a backtracking line search (Nocedal and Wright 2006, algorithms 7.4 and 3.1), for smooth convex functions.
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Minimises from <paramref name="x"/>, in place.</summary>
    /// <param name="x">Start, then the minimum.</param>
    /// <param name="function">Value at a point; writes the gradient into its second argument.</param>
    /// <param name="tolerance">Ends when the gradient's largest entry is below it, or the value falls by less than a millionth of it.</param>
    /// <param name="maximumIterations">Ends at the latest then.</param>
    /// <param name="cancellation">Asked at every iteration.</param>
    /// <returns>Iterations made.</returns>
    public static int Minimize(double[] x, Func<double[], double[], double> function, double tolerance, int maximumIterations, CancellationToken cancellation)
    {
        double[] gradient = new double[x.Length], next = new double[x.Length], nextGradient = new double[x.Length];
        double value = function(x, gradient);
        List<(double[] S, double[] Y, double Rho)> pairs = [];
        for (int iteration = 0; iteration < maximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (gradient.Max(Math.Abs) < tolerance)
            {
                return iteration;
            }

            double[] direction = Direction(gradient, pairs);
            double slope = Dot(direction, gradient);
            double step = pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            double nextValue = double.NaN;
            for (int halving = 0; halving < 30; halving++, step /= 2)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    next[i] = x[i] + (step * direction[i]);
                }

                nextValue = function(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * step * slope))
                {
                    break;
                }
            }

            if (!(nextValue < value))
            {
                return iteration; // No decrease is left within the precision of the function.
            }

            Remember(pairs, x, next, gradient, nextGradient);
            double decrease = value - nextValue;
            Array.Copy(next, x, x.Length);
            (gradient, nextGradient, value) = (nextGradient, gradient, nextValue);
            if (decrease < 1e-6 * tolerance)
            {
                return iteration + 1;
            }
        }

        return maximumIterations;
    }

    private static void Remember(List<(double[] S, double[] Y, double Rho)> pairs, double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] s = new double[x.Length], y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            s[i] = next[i] - x[i];
            y[i] = nextGradient[i] - gradient[i];
        }

        double curvature = Dot(s, y);
        if (curvature > 1e-12 * Dot(y, y))
        {
            pairs.Add((s, y, 1 / curvature));
            if (pairs.Count > Memory)
            {
                pairs.RemoveAt(0);
            }
        }
    }

    /// <summary>The two-loop recursion: minus the inverse Hessian's estimate times the gradient.</summary>
    private static double[] Direction(double[] gradient, List<(double[] S, double[] Y, double Rho)> pairs)
    {
        double[] q = [.. gradient.Select(g => -g)];
        double[] alpha = new double[pairs.Count];
        for (int k = pairs.Count - 1; k >= 0; k--)
        {
            alpha[k] = pairs[k].Rho * Dot(pairs[k].S, q);
            Add(q, -alpha[k], pairs[k].Y);
        }

        if (pairs.Count > 0)
        {
            double scale = 1 / (pairs[^1].Rho * Dot(pairs[^1].Y, pairs[^1].Y));
            for (int i = 0; i < q.Length; i++)
            {
                q[i] *= scale;
            }
        }

        for (int k = 0; k < pairs.Count; k++)
        {
            Add(q, alpha[k] - (pairs[k].Rho * Dot(pairs[k].Y, q)), pairs[k].S);
        }

        return q;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Add(double[] target, double factor, double[] values)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * values[i];
        }
    }
}
