using System.Buffers;

namespace TransferLab.Data;

/// <summary>Along one axis: for every output position the source positions it sees, and their weights (sum 1).</summary>
internal readonly struct Taps
{
    private readonly int count;
    private readonly int size;

    private readonly int[] index;
    private readonly float[] weight;

    private Taps(int size, int count) =>
        (this.size, this.count, index, weight) = (size, count, ArrayPool<int>.Shared.Rent(size * count), ArrayPool<float>.Shared.Rent(size * count));

    /// <param name="length">Pixels of the source.</param>
    /// <param name="start">Where the crop begins, in source pixels; may lie outside.</param>
    /// <param name="extent">Length of the crop in source pixels.</param>
    /// <param name="size">Pixels of the output.</param>
    /// <param name="flip">Output runs against the source.</param>
    /// <param name="filter">How source pixels are weighted.</param>
    public static Taps Along(int length, double start, double extent, int size, bool flip, ImageFilter filter)
    {
        double step = extent / size;
        double scale = Math.Max(1, step), radius = filter == ImageFilter.Cubic ? 2 * scale : scale;
        var taps = new Taps(size, (int)Math.Ceiling(radius * 2) + 1);
        for (int position = 0; position < size; position++)
        {
            double centre = start + (((flip ? size - 1 - position : position) + 0.5) * step) - 0.5;
            int first = (int)Math.Ceiling(centre - radius);
            double total = 0;
            for (int k = 0; k < taps.count; k++)
            {
                total += Weight(filter, Math.Abs(first + k - centre) / scale);
            }

            for (int k = 0; k < taps.count; k++)
            {
                int i = (position * taps.count) + k;
                taps.index[i] = Reflect(first + k, length);
                taps.weight[i] = (float)(Weight(filter, Math.Abs(first + k - centre) / scale) / total);
            }
        }

        return taps;
    }

    /// <summary>The filter at a distance in steps, at least 0.</summary>
    private static double Weight(ImageFilter filter, double x) => filter == ImageFilter.Triangle ? Math.Max(0, 1 - x)
        : x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1
        : x < 2 ? (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2
        : 0;

    /// <summary>The source positions that an output position sees.</summary>
    public ReadOnlySpan<int> Sources(int position) => index.AsSpan(position * count, count);

    /// <summary>The weights of <see cref="Sources"/>.</summary>
    public ReadOnlySpan<float> Weights(int position) => weight.AsSpan(position * count, count);

    /// <summary>First and last source position that any output position sees.</summary>
    public (int First, int Last) Range()
    {
        int first = int.MaxValue;
        int last = 0;
        foreach (int source in index.AsSpan(0, size * count))
        {
            first = Math.Min(first, source);
            last = Math.Max(last, source);
        }

        return (first, last);
    }

    public void Return()
    {
        ArrayPool<int>.Shared.Return(index);
        ArrayPool<float>.Shared.Return(weight);
    }

    /// <summary>Source position of one that may lie outside: ..., 1, 0 | 0, 1, ..., n-1 | n-1, n-2, ...</summary>
    public static int Reflect(int index, int length)
    {
        if ((uint)index < (uint)length)
        {
            return index;
        }

        int period = 2 * length;
        index = ((index % period) + period) % period;
        return index < length ? index : period - 1 - index;
    }
}
