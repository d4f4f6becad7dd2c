namespace TransferLab.Networks.Architectures;

/// <summary>
/// Ranges of distances between positions, which share a bias of attention (Raffel et al. 2020, arXiv:1910.10683, as in MPNet): half of them for positions
/// ahead, half for those behind; near ones one by one, far ones by the logarithm.
/// </summary>
internal static class RelativeBuckets
{
    private const int Farthest = 128;

    /// <summary>The range of a distance.</summary>
    /// <param name="distance">The position that is seen, less the one that sees.</param>
    /// <param name="buckets">How many ranges there are.</param>
    public static long Of(int distance, int buckets)
    {
        int half = buckets / 2, exact = half / 2, far = Math.Abs(distance);
        int range = far < exact ? far
            : Math.Min(half - 1, exact + (int)(MathF.Log(far / (float)exact) / (float)Math.Log(Farthest / (double)exact) * (half - exact)));
        return distance > 0 ? half + range : range;
    }

    /// <summary>The ranges of all pairs of positions, [T * T]: that which sees, by that which is seen.</summary>
    public static long[] Pairs(int tokens, int buckets)
    {
        long[] ranges = [.. Enumerable.Range(1 - tokens, (2 * tokens) - 1).Select(distance => Of(distance, buckets))], pairs = new long[tokens * tokens];
        for (int i = 0; i < tokens; i++)
        {
            ranges.AsSpan(tokens - 1 - i, tokens).CopyTo(pairs.AsSpan(i * tokens));
        }

        return pairs;
    }
}
