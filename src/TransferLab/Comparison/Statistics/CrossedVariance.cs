namespace TransferLab.Comparison;

/// <summary>
/// Mean of a table of items by seeds, and how far it may be from the mean over all items and seeds that could have been drawn: both are random and
/// crossed (every seed sees the same items), so their variances add up, less what the two estimates share (Searle, Casella and McCulloch 1992, ch. 4).
/// </summary>
/// <param name="Mean">Mean over all cells.</param>
/// <param name="Items">Variance of the mean that comes from the choice of items.</param>
/// <param name="Seeds">Variance of the mean that comes from the seeds alone; 0 where one seed tells nothing of it.</param>
/// <param name="Degrees">Degrees of freedom of the sum (Satterthwaite 1946): few where the seeds decide and are few.</param>
internal readonly record struct CrossedVariance(double Mean, double Items, double Seeds, double Degrees)
{
    /// <summary>Variance of the mean.</summary>
    public double Total => Items + Seeds;

    /// <summary>Estimates them.</summary>
    /// <param name="columns">[seeds][items].</param>
    public static CrossedVariance Of(IReadOnlyList<double[]> columns)
    {
        int seeds = columns.Count, items = columns[0].Length;
        double[] ofItem = new double[items], ofSeed = new double[seeds];
        for (int s = 0; s < seeds; s++)
        {
            for (int i = 0; i < items; i++)
            {
                ofItem[i] += columns[s][i];
                ofSeed[s] += columns[s][i];
            }
        }

        ofItem = Array.ConvertAll(ofItem, sum => sum / seeds); // Sums are whole numbers, so what is the same everywhere has no variance at all.
        ofSeed = Array.ConvertAll(ofSeed, sum => sum / items);

        double mean = ofSeed.Average(), interaction = 0;
        for (int s = 0; s < seeds; s++)
        {
            for (int i = 0; i < items; i++)
            {
                double rest = columns[s][i] - ofItem[i] - ofSeed[s] + mean;
                interaction += rest * rest;
            }
        }

        double shared = seeds > 1 && items > 1 ? interaction / ((items - 1.0) * (seeds - 1.0)) / ((double)items * seeds) : 0;
        double byItem = Squares(ofItem, mean) / items / items, bySeed = seeds > 1 ? Squares(ofSeed, mean) / (seeds - 1) / seeds : 0;
        double pure = Math.Max(0, bySeed - shared), total = byItem + pure;
        double uncertainty = (byItem * byItem / Math.Max(1, items - 1)) + (pure > 0 ? bySeed * bySeed / (seeds - 1) : 0);
        return new(mean, byItem, pure, uncertainty > 0 ? Math.Max(1, total * total / uncertainty) : Math.Max(1, items - 1));
    }

    private static double Squares(double[] values, double mean) => values.Sum(value => (value - mean) * (value - mean));
}
