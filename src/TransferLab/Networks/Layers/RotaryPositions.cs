using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Rotary position embeddings (Su et al. 2021, arXiv:2104.09864): dimension i of a head and i + width / 2 turn together by an angle that grows with the
/// position. Tables are made once for as many positions as were asked for. Safe to use from several threads.
/// </summary>
internal sealed class RotaryPositions : IDisposable
{
    private const int Step = 256;

    // Kept: a Scalar made for one call may be collected during it.
    private static readonly TorchSharp.Scalar s_one = 1f;
    private readonly double[] _frequencies;
    private readonly object _lock = new();
    private readonly List<Table> _tables = [];

    /// <summary>Tables for heads of a width.</summary>
    /// <param name="width">Of a head; even.</param>
    /// <param name="theta">Base of the frequencies.</param>
    /// <param name="factors">What each frequency is divided by, [width / 2]; null for 1.</param>
    public RotaryPositions(int width, double theta, IReadOnlyList<double>? factors = null) =>
        _frequencies = [.. Enumerable.Range(0, width / 2).Select(i => Math.Pow(theta, -2.0 * i / width) / (factors?[i] ?? 1))];

    /// <summary>Radians that a pair of dimensions turns by from one position to the next, [width / 2].</summary>
    public IReadOnlyList<double> Frequencies => _frequencies;

    /// <summary>Cosine and sine of positions, in a type.</summary>
    /// <param name="count">Positions 0 to count - 1 where <paramref name="positions"/> is null.</param>
    /// <param name="positions">[N, T] int64.</param>
    /// <param name="first">The first position, where they follow one another.</param>
    /// <param name="like">Its type and device are those of the result.</param>
    /// <returns>[1, 1, T, width] or [N, 1, T, width]; both halves of the width are alike. They belong to the present dispose scope.</returns>
    public (Tensor Cosine, Tensor Sine) Of(long count, Tensor? positions, long first, Tensor like)
    {
        Table table = Find(positions is null ? first + count : positions.max().item<long>() + 1, like);
        return positions is null
            ? (table.Cosine.narrow(0, first, count).view(1, 1, count, -1), table.Sine.narrow(0, first, count).view(1, 1, count, -1))
            : (Rows(table.Cosine, positions), Rows(table.Sine, positions));
    }

    /// <summary>Turns [N, heads, T, width] by its positions.</summary>
    public static Tensor Apply(Tensor x, (Tensor Cosine, Tensor Sine) turn)
    {
        long half = x.shape[^1] / 2;
        Tensor turned = cat([x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)], -1);
        return (x * turn.Cosine).addcmul_(turned, turn.Sine, s_one);
    }

    public void Dispose()
    {
        foreach (Table table in _tables)
        {
            table.Cosine.Dispose();
            table.Sine.Dispose();
        }
    }

    private static Tensor Rows(Tensor table, Tensor positions) =>
        table.index_select(0, positions.reshape(-1)).view(positions.shape[0], 1, positions.shape[1], -1);

    private Table Find(long count, Tensor like)
    {
        lock (_lock)
        {
            Table? found = _tables.FirstOrDefault(table => table.Count >= count && table.Type == like.dtype && table.Device == like.device.ToString());
            if (found is null)
            {
                found = Make((count + Step - 1) / Step * Step, like);
                _tables.Add(found);
            }

            return found;
        }
    }

    private Table Make(long count, Tensor like)
    {
        float[] cosine = new float[count * _frequencies.Length * 2], sine = new float[cosine.Length];
        for (int position = 0, at = 0; position < count; position++)
        {
            for (int i = 0; i < 2 * _frequencies.Length; i++, at++)
            {
                (double s, double c) = Math.SinCos(position * _frequencies[i % _frequencies.Length]);
                (cosine[at], sine[at]) = ((float)c, (float)s);
            }
        }

        using IDisposable noGradient = no_grad();
        Tensor Move(float[] values)
        {
            using Tensor table = tensor(values, [count, 2 * _frequencies.Length]);
            return table.to(like.dtype, like.device, copy: true).DetachFromDisposeScope();
        }

        return new(count, like.dtype, like.device.ToString(), Move(cosine), Move(sine));
    }

    private sealed record Table(long Count, ScalarType Type, string Device, Tensor Cosine, Tensor Sine);
}
