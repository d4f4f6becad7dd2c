using System.Numerics;

namespace TransferLab.Models;

/// <summary>
/// Colours and local binary patterns (Ojala, Pietikäinen and Mäenpää, "Multiresolution gray-scale and rotation invariant texture
/// classification with local binary patterns", PAMI 2002) of an image, as shares of its pixels, square-rooted (Hellinger).
/// </summary>
internal static class ColourAndTexture
{
    private const int Levels = 4, Step = 256 / Levels;

    /// <summary>Number of colours counted: four levels of each channel.</summary>
    public const int Colours = Levels * Levels * Levels;

    /// <summary>Number of patterns counted: the 58 of eight neighbours with at most two changes around the circle, and all others together.</summary>
    public const int Patterns = 59;
    private static readonly byte[] s_pattern = UniformPatterns();

    /// <summary>[64] square roots of the shares of the colours, red slowest.</summary>
    public static void DescribeColours(ReadOnlySpan<byte> rgb, Span<float> target)
    {
        target.Clear();
        for (int i = 0; i < rgb.Length; i += 3)
        {
            target[(((rgb[i] / Step * Levels) + (rgb[i + 1] / Step)) * Levels) + (rgb[i + 2] / Step)]++;
        }

        SquareRootShares(target);
    }

    /// <summary>[grid, grid, 3] mean colours of the squares of a grid, 0 to 1.</summary>
    public static void DescribeLayout(ReadOnlySpan<byte> rgb, int side, int grid, Span<float> target)
    {
        target.Clear();
        int square = side / grid;
        for (int i = 0; i < rgb.Length; i++)
        {
            int pixel = i / 3;
            target[((((pixel / side / square) * grid) + (pixel % side / square)) * 3) + (i % 3)] += rgb[i];
        }

        foreach (ref float value in target)
        {
            value /= 255f * square * square;
        }
    }

    /// <summary>[grid, grid, 59] square roots of the shares of the patterns of grey values in the squares of a grid.</summary>
    public static void DescribePatterns(ReadOnlySpan<byte> rgb, int side, int grid, Span<float> target)
    {
        target.Clear();
        int[] grey = new int[side * side];
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = (299 * rgb[i * 3]) + (587 * rgb[(i * 3) + 1]) + (114 * rgb[(i * 3) + 2]);
        }

        ReadOnlySpan<int> around = [-side - 1, -side, -side + 1, 1, side + 1, side, side - 1, -1];
        for (int y = 1; y < side - 1; y++)
        {
            for (int x = 1; x < side - 1; x++)
            {
                int centre = (y * side) + x, code = 0;
                for (int bit = 0; bit < around.Length; bit++)
                {
                    code |= grey[centre + around[bit]] >= grey[centre] ? 1 << bit : 0;
                }

                target[((((y * grid / side) * grid) + (x * grid / side)) * Patterns) + s_pattern[code]]++;
            }
        }

        for (int start = 0; start < target.Length; start += Patterns)
        {
            SquareRootShares(target.Slice(start, Patterns));
        }
    }

    private static byte[] UniformPatterns()
    {
        byte[] index = new byte[256];
        byte next = 0;
        for (int code = 0; code < index.Length; code++)
        {
            int turned = ((code << 1) | (code >> 7)) & 0xFF;
            index[code] = BitOperations.PopCount((uint)(code ^ turned)) <= 2 ? next++ : (byte)(Patterns - 1);
        }

        return index;
    }

    private static void SquareRootShares(Span<float> counts)
    {
        float total = 0;
        foreach (float count in counts)
        {
            total += count;
        }

        foreach (ref float count in counts)
        {
            count = MathF.Sqrt(count / total);
        }
    }
}
