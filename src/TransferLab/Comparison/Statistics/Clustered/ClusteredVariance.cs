namespace TransferLab.Comparison;

/// <summary>
/// Mean over test examples and seeds, and how far it may be from the mean over all clusters and seeds that could have been drawn. The variance between
/// clusters is the
/// cluster-robust one with the small-sample correction and degrees of freedom of Bell and McCaffrey (2002, CR2), which for a mean have a closed form; seeds
/// are crossed with
/// clusters, as in <see cref="CrossedVariance"/>.
/// </summary>
/// <param name="Mean">Mean over all examples and seeds.</param>
/// <param name="Clusters">Variance of the mean that comes from the choice of clusters.</param>
/// <param name="Seeds">Variance of the mean that comes from the seeds alone; 0 where there is one, which tells nothing of it.</param>
/// <param name="Degrees">Degrees of freedom of the sum (Satterthwaite 1946).</param>
internal readonly record struct ClusteredVariance(double Mean, double Clusters, double Seeds, double Degrees)
{
    /// <summary>Variance of the mean.</summary>
    public double Total => Clusters + Seeds;

    /// <summary>Estimates them.</summary>
    /// <param name="sums">[seeds][clusters] sums of scores.</param>
    /// <param name="sizes">[clusters] test examples of each.</param>
    public static ClusteredVariance Of(IReadOnlyList<double[]> sums, int[] sizes)
    {
        int seeds = sums.Count;
        double items = sizes.Sum();
        double[] ofSeed = [.. sums.Select(run => run.Sum() / items)];
        double mean = ofSeed.Average(), between = 0, interaction = 0;
        for (int c = 0; c < sizes.Length; c++)
        {
            double share = sizes[c] / items, left = Math.Max(1 - share, 1 / items), residual = sums.Average(run => run[c]) - (sizes[c] * mean);
            between += residual * residual / left;
            for (int s = 0; s < seeds; s++)
            {
                double rest = sums[s][c] - (sizes[c] * ofSeed[s]) - residual;
                interaction += rest * rest / left;
            }
        }

        between /= items * items;
        double shared = seeds > 1 ? interaction / (items * items) / (seeds * (seeds - 1.0)) : 0;
        double bySeed = seeds > 1 ? ofSeed.Sum(value => (value - mean) * (value - mean)) / (seeds * (seeds - 1.0)) : 0;

        // Few seeds often differ by less than they will again: their variance is not put below what chance alone makes of it. Simulated intervals then hold.
        double pure = Math.Max(shared, bySeed - shared), total = between + pure;
        double uncertainty = (between * between / ClusterDegrees(sizes, items)) + (pure > 0 ? bySeed * bySeed / (seeds - 1) : 0);
        return new(mean, between, pure, uncertainty > 0 ? Math.Max(1, total * total / uncertainty) : Math.Max(1, sizes.Length - 1));
    }

    /// <summary>
    /// Bell and McCaffrey's for a mean, examples taken as independent: one less than the clusters where all are of one size, fewer where some are large.
    /// </summary>
    private static double ClusterDegrees(int[] sizes, double items)
    {
        double squares = 0, off = 0, offSquares = 0;
        foreach (int size in sizes)
        {
            double share = size / items, odds = share * share / Math.Max(1 - share, 1 / items);
            squares += share * share;
            off += odds;
            offSquares += odds * odds;
        }

        return Math.Max(1, 1 / (squares + (off * off) - offSquares));
    }
}
