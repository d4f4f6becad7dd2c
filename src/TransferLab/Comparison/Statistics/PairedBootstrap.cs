namespace TransferLab.Comparison;

/// <summary>
/// The paired bootstrap (Efron and Tibshirani 1993): test examples and, independently, seeds are drawn anew with replacement, the same draw for every
/// strategy, so that all differences come from the same resamples (both factors resampled: Owen 2007, "the pigeonhole bootstrap").
/// </summary>
internal sealed class PairedBootstrap
{
    private const int Seed = 20071;
    private const int Most = 2000, Least = 500;
    private const double MostWork = 4e8;
    private readonly double[][] _resampled; // [strategies][resamples]
    private readonly double[] _means;

    /// <summary>Draws.</summary>
    /// <param name="scores">[strategies][seeds][items].</param>
    public PairedBootstrap(IReadOnlyList<double[][]> scores)
    {
        int seeds = scores[0].Length, items = scores[0][0].Length;
        int resamples = (int)Math.Clamp(MostWork / ((double)items * seeds * scores.Count), Least, Most);
        _resampled = [.. scores.Select(_ => new double[resamples])];
        _means = [.. scores.Select(strategy => strategy.Average(run => run.Sum() / items))];
        Random random = new(Seed);
        int[] times = new int[items];
        for (int b = 0; b < resamples; b++)
        {
            Array.Clear(times);
            for (int i = 0; i < items; i++)
            {
                times[random.Next(items)]++;
            }

            foreach (int s in Enumerable.Range(0, seeds).Select(_ => random.Next(seeds)))
            {
                for (int k = 0; k < scores.Count; k++)
                {
                    _resampled[k][b] += Sum(scores[k][s], times) / items / seeds;
                }
            }
        }
    }

    /// <summary>Mean of the second strategy minus that of the first, with its 95 % percentile interval.</summary>
    public Estimate Difference(int first, int second)
    {
        double[] sorted = [.. Resamples(first, second).Order()];
        return new(_means[second] - _means[first], Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>The difference in every resample, in the order of their drawing.</summary>
    public double[] Resamples(int first, int second) => [.. _resampled[first].Zip(_resampled[second], (a, b) => b - a)];

    private static double Sum(double[] scores, int[] times)
    {
        double sum = 0;
        for (int i = 0; i < times.Length; i++)
        {
            sum += scores[i] * times[i];
        }

        return sum;
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return sorted[below] + ((at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
