using System.Runtime.InteropServices;

namespace TransferLab.Networks.Weights;

/// <summary>Rounds values into quantised blocks of 32, to the bit as ggml does without weights of importance.</summary>
internal static class GgufQuantizer
{
    private delegate void Pack(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>Whether blocks of the type can be written.</summary>
    public static bool Writes(GgufType type) => Find(type) is not null;

    /// <summary>Packs values into whole blocks.</summary>
    /// <exception cref="NotFiniteNumberException">A block holds values, or a scale, that are not finite.</exception>
    public static void Quantise(GgufType type, ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var pack = Find(type) ?? throw new ArgumentException($"Blocks of {type.Name} are not written.");
        if (values.Length % type.Block != 0 || values.Length / type.Block * type.Bytes != blocks.Length)
        {
            throw new ArgumentException($"{values.Length} values do not fill {blocks.Length} bytes of {type.Name}.");
        }

        for (int i = 0; i < values.Length / type.Block; i++)
        {
            pack(values.Slice(i * type.Block, type.Block), blocks.Slice(i * type.Bytes, type.Bytes));
        }
    }

    private static Pack? Find(GgufType type) => type.Name switch
    {
        "Q4_0" => Q4With0,
        "Q4_1" => Q4With1,
        "Q5_0" => Q5With0,
        "Q5_1" => Q5With1,
        "Q8_0" => Q8With0,
        _ => null,
    };

    private static void Q8With0(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = Math.Abs(Largest(values)) / 127;
        float inverse = Inverse(scale);
        WriteHalf(block, scale);
        for (int i = 0; i < values.Length; i++)
        {
            block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }

    private static void Q4With0(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = Largest(values) / -8;
        float inverse = Inverse(scale);
        WriteHalf(block, scale);
        for (int i = 0; i < 16; i++)
        {
            block[2 + i] = (byte)(Nearest((values[i] * inverse) + 8.5f, 15) | (Nearest((values[i + 16] * inverse) + 8.5f, 15) << 4));
        }
    }

    private static void Q4With1(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, inverse) = Range(values, block, 15);
        for (int i = 0; i < 16; i++)
        {
            block[4 + i] = (byte)(Nearest(((values[i] - least) * inverse) + 0.5f, 15) | (Nearest(((values[i + 16] - least) * inverse) + 0.5f, 15) << 4));
        }
    }

    private static void Q5With0(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = Largest(values) / -16;
        float inverse = Inverse(scale);
        WriteHalf(block, scale);
        uint fifth = 0;
        for (int i = 0; i < 16; i++)
        {
            int first = Nearest((values[i] * inverse) + 16.5f, 31);
            int second = Nearest((values[i + 16] * inverse) + 16.5f, 31);
            block[6 + i] = (byte)((first & 15) | ((second & 15) << 4));
            fifth |= ((uint)(first >> 4) << i) | ((uint)(second >> 4) << (i + 16));
        }

        MemoryMarshal.Write(block[2..], fifth);
    }

    private static void Q5With1(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, inverse) = Range(values, block, 31);
        uint fifth = 0;
        for (int i = 0; i < 16; i++)
        {
            int first = Nearest(((values[i] - least) * inverse) + 0.5f, 31);
            int second = Nearest(((values[i + 16] - least) * inverse) + 0.5f, 31);
            block[8 + i] = (byte)((first & 15) | ((second & 15) << 4));
            fifth |= ((uint)(first >> 4) << i) | ((uint)(second >> 4) << (i + 16));
        }

        MemoryMarshal.Write(block[4..], fifth);
    }

    // Scale and least value go in front of the block.
    private static (float Least, float Inverse) Range(ReadOnlySpan<float> values, Span<byte> block, int steps)
    {
        float least = float.PositiveInfinity;
        float most = float.NegativeInfinity;
        foreach (float value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        float scale = (most - least) / steps;
        WriteHalf(block, scale);
        WriteHalf(block[2..], least);
        return (least, Inverse(scale));
    }

    // The value of largest magnitude, the first of several, with its sign.
    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            if (Math.Abs(value) > Math.Abs(largest) || float.IsNaN(value)) // Nothing is larger than NaN: it stays.
            {
                largest = value;
            }
        }

        return largest;
    }

    private static float Inverse(float scale) => scale == 0 ? 0 : 1 / scale;

    private static int Nearest(float value, int most) => Math.Clamp((int)value, 0, most);

    private static void WriteHalf(Span<byte> block, float value)
    {
        var half = (Half)value;
        MemoryMarshal.Write(block, Half.IsFinite(half) ? half : throw new NotFiniteNumberException($"{value} does not fit into a block", value));
    }
}
