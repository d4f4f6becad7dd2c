namespace TransferLab.Comparison;

/// <summary>
/// Which test examples belong together - questions on one fact, one paragraph, one document -, so that statistics do not take five questions on one paragraph
/// for five
/// independent ones.
/// </summary>
internal sealed class Clusters
{
    private readonly int[] _of;

    /// <summary>Groups examples.</summary>
    /// <param name="keys">For each test example, what it is about; equal keys belong together.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Clusters(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            throw new ArgumentException("No test example is given; statistics need at least one.", nameof(keys));
        }

        Dictionary<string, int> indices = new(StringComparer.Ordinal);
        _of = [.. keys.Select(key => indices.TryGetValue(key, out int index) ? index : indices[key] = indices.Count)];
        Count = indices.Count;
        Sizes = new int[Count];
        foreach (int cluster in _of)
        {
            Sizes[cluster]++;
        }
    }

    /// <summary>Number of clusters.</summary>
    public int Count { get; }

    /// <summary>Number of test examples.</summary>
    public int Items => _of.Length;

    /// <summary>[clusters] test examples of each.</summary>
    public int[] Sizes { get; }

    /// <summary>[clusters] sums of the examples' scores.</summary>
    public double[] Sums(double[] scores)
    {
        double[] sums = new double[Count];
        for (int i = 0; i < scores.Length; i++)
        {
            sums[_of[i]] += scores[i];
        }

        return sums;
    }

    /// <summary>[items] for each example, a value of its cluster.</summary>
    public T[] Spread<T>(T[] values) => Array.ConvertAll(_of, cluster => values[cluster]);
}
