using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Numbers in bfloat16, the upper half of float32.</summary>
internal static class BFloat16s
{
    private const int Half = 16, Block = 1 << 11;
    private const uint QuietNaN = 0x7FC0;

    /// <summary>To float32, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[i..]), out Vector<uint> low, out Vector<uint> high);
            Vector.AsVectorSingle(Vector.ShiftLeft(low, Half)).CopyTo(to[i..]);
            Vector.AsVectorSingle(Vector.ShiftLeft(high, Half)).CopyTo(to[(i + Vector<uint>.Count)..]);
        }

        for (; i < from.Length; i++)
        {
            to[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << Half);
        }
    }

    /// <summary>From float32, to the nearest, the even one of two, as libtorch rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(ReadOnlySpan<float> from, Span<ushort> to)
    {
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Narrow(Rounded(new(from[i..])), Rounded(new(from[(i + Vector<float>.Count)..]))).CopyTo(to[i..]);
        }

        for (; i < from.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(from[i]);
            to[i] = (ushort)(float.IsNaN(from[i]) ? QuietNaN : (bits + 0x7FFF + ((bits >> Half) & 1)) >> Half);
        }
    }

    /// <summary>The root of the sum of squares of a tensor in CPU memory.</summary>
    public static unsafe double Norm(Tensor values)
    {
        using Tensor contiguous = values.contiguous();
        double sum = 0;
        fixed (byte* bytes = contiguous.bytes)
        {
            ReadOnlySpan<ushort> all = new(bytes, checked((int)contiguous.numel()));
            Span<float> wide = stackalloc float[Block];
            for (; all.Length > 0; all = all[Math.Min(Block, all.Length)..])
            {
                Span<float> some = wide[..Math.Min(Block, all.Length)];
                Widen(all[..some.Length], some);
                sum += SumOfSquares(some);
            }
        }

        return Math.Sqrt(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfSquares(ReadOnlySpan<float> values)
    {
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> some = new(values[i..]);
            sums += some * some;
        }

        float sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
        {
            sum += values[i] * values[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Rounded(Vector<float> values)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(values);
        Vector<uint> upper = Vector.ShiftRightLogical(bits, Half);
        Vector<uint> rounded = Vector.ShiftRightLogical(bits + new Vector<uint>(0x7FFF) + (upper & Vector<uint>.One), Half);
        return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(values, values)), rounded, new Vector<uint>(QuietNaN));
    }
}
