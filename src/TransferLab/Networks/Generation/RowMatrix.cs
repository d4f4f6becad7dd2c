using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// A matrix of weights that lies row by row in a tensor's memory, float32 or bfloat16, times one float32 vector. That is a matter of reading the weights once,
/// for which a tensor library's general way costs more than the product. Rows are shared among threads; every output is summed in the same order however many
/// there are.
/// </summary>
/// <param name="weight">[rows, columns], contiguous, on the processor; it must live as long as this is used.</param>
/// <param name="bias">[rows], added to every product; null for none.</param>
/// <param name="update">A low-rank update beside it; null for none.</param>
internal sealed unsafe class RowMatrix(Tensor weight, float[]? bias = null, LowRankLayer? update = null)
{
    /// <summary>Weights below which a second thread costs more than it saves.</summary>
    private const int WorthSharing = 1 << 16;
    private const int AtOnce = 4, Lanes = 16;

    private readonly nint _data = (nint)Pointer(weight);
    private readonly bool _isWide = weight.dtype == ScalarType.Float32;

    private readonly RowMatrix? _down = update is null ? null : new(update.Down), _up = update is null ? null : new(update.Up);
    private readonly float[] _thin = new float[update?.Down.shape[0] ?? 0], _gain = new float[update?.Up.shape[0] ?? 0];

    /// <summary>Length of the output.</summary>
    public int Rows { get; } = (int)weight.shape[0];

    /// <summary>Length of the input.</summary>
    public int Columns { get; } = (int)weight.shape[1];

    /// <summary>Whether a tensor can be read so.</summary>
    public static bool Reads(Tensor weight) =>
        weight.dtype is ScalarType.Float32 or ScalarType.BFloat16 && weight.device_type == TorchSharp.DeviceType.CPU && weight.is_contiguous()
            && weight.shape is [_, > 0 and < int.MaxValue];

    /// <summary>The product.</summary>
    /// <param name="x">[columns].</param>
    /// <param name="y">[rows]; overwritten.</param>
    /// <param name="threads">At most so many.</param>
    public void Multiply(float* x, float* y, int threads)
    {
        int blocks = (Rows + AtOnce - 1) / AtOnce, parts = (long)Rows * Columns < WorthSharing ? 1 : Math.Min(threads, blocks);
        if (parts <= 1)
        {
            Part(x, y, 0, Rows);
        }
        else
        {
            Parallel.For(0, parts, part =>
                Part(x, y, (int)((long)blocks * part / parts) * AtOnce, Math.Min(Rows, (int)((long)blocks * (part + 1) / parts) * AtOnce)));
        }

        if (update is not null)
        {
            fixed (float* thin = _thin, gain = _gain)
            {
                _down!.Multiply(x, thin, threads);
                _up!.Multiply(thin, gain, threads);
                AddScaled(y, gain, update.Scale, Rows);
            }
        }
    }

    private void Part(float* x, float* y, int first, int last)
    {
        for (int row = first; row < last; row += AtOnce)
        {
            if (last - row >= AtOnce)
            {
                if (_isWide)
                {
                    Wide(x, y + row, row);
                }
                else
                {
                    Narrow(x, y + row, row);
                }
            }
            else
            {
                for (int i = row; i < last; i++)
                {
                    y[i] = One(x, i, 0, 0);
                }
            }
        }

        for (int i = first; bias is not null && i < last; i++)
        {
            y[i] += bias[i];
        }
    }

    private void Wide(float* x, float* y, int row)
    {
        float* a = (float*)_data + ((long)row * Columns), b = a + Columns, c = b + Columns, d = c + Columns;
        Vector512<float> sa = default, sb = default, sc = default, sd = default;
        int i = 0;
        for (; i <= Columns - Lanes; i += Lanes)
        {
            var v = Vector512.Load(x + i);
            sa = MultiplyAdd(Vector512.Load(a + i), v, sa);
            sb = MultiplyAdd(Vector512.Load(b + i), v, sb);
            sc = MultiplyAdd(Vector512.Load(c + i), v, sc);
            sd = MultiplyAdd(Vector512.Load(d + i), v, sd);
        }

        y[0] = One(x, row, i, Vector512.Sum(sa));
        y[1] = One(x, row + 1, i, Vector512.Sum(sb));
        y[2] = One(x, row + 2, i, Vector512.Sum(sc));
        y[3] = One(x, row + 3, i, Vector512.Sum(sd));
    }

    /// <summary>Two bfloat16 lie in each 32 bits; moved up, or with the lower half cleared, they are float32. Half of the inputs belongs to either.</summary>
    private void Narrow(float* x, float* y, int row)
    {
        ushort* a = (ushort*)_data + ((long)row * Columns), b = a + Columns, c = b + Columns, d = c + Columns;
        Vector512<float> sa = default, sb = default, sc = default, sd = default, ta = default, tb = default, tc = default, td = default;
        var upper = Vector512.Create(0xFFFF0000u);
        var evens = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        var odds = evens + Vector512<int>.One;
        int i = 0;
        for (; i <= Columns - (2 * Lanes); i += 2 * Lanes)
        {
            Vector512<float> first = Vector512.Load(x + i), second = Vector512.Load(x + i + Lanes);
            Vector512<float> even = Pick(first, evens, second), odd = Pick(first, odds, second);
            Vector512<uint> wa = Vector512.Load(a + i).AsUInt32(), wb = Vector512.Load(b + i).AsUInt32(), wc = Vector512.Load(c + i).AsUInt32(),
                wd = Vector512.Load(d + i).AsUInt32();
            sa = MultiplyAdd((wa << 16).AsSingle(), even, sa);
            ta = MultiplyAdd((wa & upper).AsSingle(), odd, ta);
            sb = MultiplyAdd((wb << 16).AsSingle(), even, sb);
            tb = MultiplyAdd((wb & upper).AsSingle(), odd, tb);
            sc = MultiplyAdd((wc << 16).AsSingle(), even, sc);
            tc = MultiplyAdd((wc & upper).AsSingle(), odd, tc);
            sd = MultiplyAdd((wd << 16).AsSingle(), even, sd);
            td = MultiplyAdd((wd & upper).AsSingle(), odd, td);
        }

        y[0] = One(x, row, i, Vector512.Sum(sa + ta));
        y[1] = One(x, row + 1, i, Vector512.Sum(sb + tb));
        y[2] = One(x, row + 2, i, Vector512.Sum(sc + tc));
        y[3] = One(x, row + 3, i, Vector512.Sum(sd + td));
    }

    /// <summary>The rest of one output, from a column on.</summary>
    private float One(float* x, int row, int from, float sum)
    {
        long at = (long)row * Columns;
        for (int i = from; i < Columns; i++)
        {
            sum += x[i] * (_isWide ? ((float*)_data)[at + i] : BitConverter.UInt32BitsToSingle((uint)((ushort*)_data)[at + i] << 16));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pick(Vector512<float> first, Vector512<int> lanes, Vector512<float> second) =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx512F.PermuteVar16x32x2(first, lanes, second)
            : Slow(first, lanes, second);

    private static Vector512<float> Slow(Vector512<float> first, Vector512<int> lanes, Vector512<float> second)
    {
        float* all = stackalloc float[2 * Lanes];
        first.Store(all);
        second.Store(all + Lanes);
        float* picked = stackalloc float[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            picked[i] = all[lanes[i]];
        }

        return Vector512.Load(picked);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> sum) =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? System.Runtime.Intrinsics.X86.Avx512F.FusedMultiplyAdd(a, b, sum) : (a * b) + sum;

    /// <summary>Where a tensor's values lie.</summary>
    internal static float* Pointer(Tensor tensor) => (float*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The scalar product of two vectors.</summary>
    internal static float Dot(float* a, float* b, int count)
    {
        Vector512<float> sum = default;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            sum = MultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sum);
        }

        float total = Vector512.Sum(sum);
        for (; i < count; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }

    /// <summary>Adds a multiple of a vector to another.</summary>
    internal static void AddScaled(float* sum, float* x, float scale, int count)
    {
        var factor = Vector512.Create(scale);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            MultiplyAdd(Vector512.Load(x + i), factor, Vector512.Load(sum + i)).Store(sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] += x[i] * scale;
        }
    }
}
