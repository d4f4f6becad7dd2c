using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransferLab.Networks.Weights;

// Super-blocks of 256 values: parts of 16 or 32 have small scales of their own, which the block's scale multiplies.
internal static partial class GgufBlocks
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q4K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var quants = block[16..];
        for (int part = 0; part < 8; part++)
        {
            var (scale, minimum) = ScaleAndMinimum(block, part);
            for (int half = 0; half < 32; half += 16)
            {
                var nibbles = Bytes(quants[((part / 2 * 32) + half)..]);
                ScaleAndShift(part % 2 == 0 ? Low(nibbles) : High(nibbles), scale, -minimum, values[((part * 32) + half)..]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q5K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var high = block[16..];
        var quants = block[48..];
        for (int part = 0; part < 8; part++)
        {
            var (scale, minimum) = ScaleAndMinimum(block, part);
            for (int half = 0; half < 32; half += 16)
            {
                var nibbles = Bytes(quants[((part / 2 * 32) + half)..]);
                var fifth = ((Bytes(high[half..]) >>> part) & Vector128.Create((byte)1)) << 4;
                ScaleAndShift((part % 2 == 0 ? Low(nibbles) : High(nibbles)) | fifth, scale, -minimum, values[((part * 32) + half)..]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q6K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var high = block[128..];
        var scales = block[192..];
        float scale = Half(block[208..]);
        for (int part = 0; part < 16; part++)
        {
            // In each half of the block, four rows of 32: low nibbles of 64 bytes, then their high ones; two more bits from 32 bytes.
            int row = part / 2 % 4;
            int inRow = part % 2 * 16;
            int half = part / 8;
            var nibbles = Bytes(block[((half * 64) + (row % 2 * 32) + inRow)..]);
            var top = ((Bytes(high[((half * 32) + inRow)..]) >>> (row * 2)) & Vector128.Create((byte)3)) << 4;
            var integers = ((row < 2 ? Low(nibbles) : High(nibbles)) | top) - Vector128.Create((byte)32);
            Scale(integers.AsSByte(), scale * (sbyte)scales[part], values[(part * 16)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q2K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var quants = block[16..];
        float scale = Half(block[80..]);
        float minimum = Half(block[82..]);
        for (int part = 0; part < 16; part++)
        {
            var bits = Bytes(quants[((part / 8 * 32) + (part % 2 * 16))..]) >>> (part / 2 % 4 * 2);
            ScaleAndShift(bits & Vector128.Create((byte)3), scale * (block[part] & 15), -(minimum * (block[part] >> 4)), values[(part * 16)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Q3K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var quants = block[32..];
        var scales = block[96..];
        float scale = Half(block[108..]);
        for (int part = 0; part < 16; part++)
        {
            int low = part < 8 ? scales[part] & 15 : scales[part - 8] >> 4;
            int top = (scales[8 + (part % 4)] >> (part / 4 * 2)) & 3;
            var bits = (Bytes(quants[((part / 8 * 32) + (part % 2 * 16))..]) >>> (part / 2 % 4 * 2)) & Vector128.Create((byte)3);
            var mask = Vector128.Create((byte)(1 << (part / 2)));
            var absent = Vector128.Equals(Bytes(block[(part % 2 * 16)..]) & mask, Vector128<byte>.Zero) & Vector128.Create((byte)4);
            Scale((bits - absent).AsSByte(), scale * ((low | (top << 4)) - 32), values[(part * 16)..]);
        }
    }

    // Eight pairs of six bits in twelve bytes: the first four in the low bits, the others in nibbles with their top bits above the first four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Scale, float Minimum) ScaleAndMinimum(ReadOnlySpan<byte> block, int part)
    {
        var packed = block[4..16];
        int scale = part < 4 ? packed[part] & 63 : (packed[part + 4] & 15) | ((packed[part - 4] >> 6) << 4);
        int minimum = part < 4 ? packed[part + 4] & 63 : (packed[part + 4] >> 4) | ((packed[part] >> 6) << 4);
        return (Half(block) * scale, Half(block[2..]) * minimum);
    }
}
