namespace TransferLab.Data;

/// <summary>How long the rows are, in tokens.</summary>
public sealed class LengthHistogram
{
    private const int FirstBar = 16;

    private readonly int[] _sorted;

    /// <summary>Counts lengths.</summary>
    public LengthHistogram(IEnumerable<int> lengths) => _sorted = [.. lengths.Order()];

    /// <summary>Rows counted.</summary>
    public int Count => _sorted.Length;

    /// <summary>The longest row; 0 where there is none.</summary>
    public int Longest => Count == 0 ? 0 : _sorted[^1];

    /// <summary>Bars from the shortest row's to the longest's: lengths from <c>From</c> to below <c>To</c>, which doubles.</summary>
    public IReadOnlyList<(int From, int To, int Rows)> Bars
    {
        get
        {
            List<(int From, int To, int Rows)> bars = [];
            long from = 0, to = FirstBar;
            for (int i = 0; i < Count; from = to, to *= 2)
            {
                int start = i;
                while (i < Count && _sorted[i] < to)
                {
                    i++;
                }

                if (i > start || bars.Count > 0)
                {
                    bars.Add(((int)from, (int)Math.Min(to, int.MaxValue), i - start));
                }
            }

            return bars;
        }
    }

    /// <summary>The length that a share of the rows does not exceed (nearest rank); 0 where there is no row.</summary>
    /// <param name="share">Within 0 and 1.</param>
    public int Quantile(double share) => Count == 0 ? 0 : _sorted[Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1)];
}
