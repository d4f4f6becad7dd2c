using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TransferLab.Networks.Weights;

/// <summary>
/// What quantised blocks stand for, to the bit as ggml computes it (ggml-quants.c): small integers times a scale of the block, plus a minimum in the types that
/// end in 1. Sixteen values are expanded at a time. A file is read once, in less time than the compiler takes to notice that these methods are hot: so they are
/// optimised from the first call.
/// </summary>
internal static partial class GgufBlocks
{
    private static readonly sbyte[] NonLinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    private delegate void Expand(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Expands whole blocks.</summary>
    /// <param name="type">A quantised type that is read.</param>
    /// <param name="blocks">The blocks, one after another.</param>
    /// <param name="values">Room for exactly their values.</param>
    public static void Dequantise(GgufType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        Expand expand = type.Name switch
        {
            "Q4_0" => Q4With0,
            "Q4_1" => Q4With1,
            "Q5_0" => Q5With0,
            "Q5_1" => Q5With1,
            "Q8_0" => Q8With0,
            "IQ4_NL" => Iq4,
            "Q2_K" => Q2K,
            "Q3_K" => Q3K,
            "Q4_K" => Q4K,
            "Q5_K" => Q5K,
            "Q6_K" => Q6K,
            _ => throw new ArgumentException($"{type.Name} is no type of quantised blocks that is read."),
        };
        if (blocks.Length % type.Bytes != 0 || blocks.Length / type.Bytes * type.Block != values.Length)
        {
            throw new ArgumentException($"{blocks.Length} bytes of {type.Name} do not hold {values.Length} values.");
        }

        for (int i = 0; i < values.Length / type.Block; i++)
        {
            expand(blocks.Slice(i * type.Bytes, type.Bytes), values.Slice(i * type.Block, type.Block));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q4With0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half(block);
        var nibbles = Bytes(block[2..]);
        Scale((Low(nibbles) - Vector128.Create((byte)8)).AsSByte(), scale, values);
        Scale((High(nibbles) - Vector128.Create((byte)8)).AsSByte(), scale, values[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q4With1(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half(block);
        float least = Half(block[2..]);
        var nibbles = Bytes(block[4..]);
        ScaleAndShift(Low(nibbles), scale, least, values);
        ScaleAndShift(High(nibbles), scale, least, values[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q5With0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half(block);
        var nibbles = Bytes(block[6..]);
        Scale(((Low(nibbles) | FifthBits(block[2..])) - Vector128.Create((byte)16)).AsSByte(), scale, values);
        Scale(((High(nibbles) | FifthBits(block[4..])) - Vector128.Create((byte)16)).AsSByte(), scale, values[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q5With1(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half(block);
        float least = Half(block[2..]);
        var nibbles = Bytes(block[8..]);
        ScaleAndShift(Low(nibbles) | FifthBits(block[4..]), scale, least, values);
        ScaleAndShift(High(nibbles) | FifthBits(block[6..]), scale, least, values[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q8With0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half(block);
        Scale(Bytes(block[2..]).AsSByte(), scale, values);
        Scale(Bytes(block[18..]).AsSByte(), scale, values[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Iq4(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half(block);
        for (int i = 0; i < 16; i++)
        {
            values[i] = scale * NonLinear[block[2 + i] & 15];
            values[i + 16] = scale * NonLinear[block[2 + i] >> 4];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Half(ReadOnlySpan<byte> block) => (float)MemoryMarshal.Read<Half>(block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(ReadOnlySpan<byte> block) => Vector128.Create(block[..16]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Low(Vector128<byte> nibbles) => nibbles & Vector128.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> High(Vector128<byte> nibbles) => nibbles >>> 4;

    // Bit i of two bytes as 16 in value i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> FifthBits(ReadOnlySpan<byte> bits)
    {
        var spread = Vector128.Create(Vector64.Create(bits[0]), Vector64.Create(bits[1]));
        var place = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, (byte)128);
        return Vector128.Equals(spread & place, place) & Vector128.Create((byte)16);
    }

    // values = integers x scale
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(Vector128<sbyte> integers, float scale, Span<float> values)
    {
        var (low, high) = Vector128.Widen(integers);
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        values = values[..16];
        (Vector128.ConvertToSingle(a) * scale).CopyTo(values);
        (Vector128.ConvertToSingle(b) * scale).CopyTo(values[4..]);
        (Vector128.ConvertToSingle(c) * scale).CopyTo(values[8..]);
        (Vector128.ConvertToSingle(d) * scale).CopyTo(values[12..]);
    }

    // values = integers x scale + shift, rounded after each: a fused multiply-add would differ in the last bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleAndShift(Vector128<byte> integers, float scale, float shift, Span<float> values)
    {
        Scale(integers.AsSByte(), scale, values);
        values = values[..16];
        for (int i = 0; i < 16; i += 4)
        {
            (Vector128.Create(values[i..]) + Vector128.Create(shift)).CopyTo(values[i..]);
        }
    }
}
