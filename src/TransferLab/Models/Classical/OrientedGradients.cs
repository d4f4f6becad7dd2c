namespace TransferLab.Models;

/// <summary>
/// Histograms of oriented gradients (HOG; Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005): square-root
/// gamma, the strongest channel's [-1 0 1] gradient, votes shared between neighbouring orientations and cells, overlapping blocks of 2 x 2
/// cells normalised by L2-Hys.
/// </summary>
internal static class OrientedGradients
{
    private const int Orientations = 9;
    private const int BlockWidth = 4 * Orientations;
    private const float Clip = 0.2f;
    private const float Epsilon = 0.01f; // About the norm of noise, so that flat blocks stay near zero.
    private static readonly float[] s_gamma = [.. Enumerable.Range(0, 256).Select(value => MathF.Sqrt(value / 255f))];

    /// <summary>Number of values for an image of a side, in cells of a side.</summary>
    public static int Width(int side, int cell) => ((side / cell) - 1) * ((side / cell) - 1) * BlockWidth;

    /// <summary>Describes an image.</summary>
    /// <param name="rgb">[side, side, 3].</param>
    /// <param name="side">A multiple of every cell side.</param>
    /// <param name="cells">Cell sides in pixels: one description each, one after the other.</param>
    /// <param name="target">Blocks by rows, in each its four cells by rows, in each the orientations.</param>
    public static void Describe(ReadOnlySpan<byte> rgb, int side, ReadOnlySpan<int> cells, Span<float> target)
    {
        float[] magnitude = new float[side * side], angle = new float[side * side];
        Gradients(rgb, side, magnitude, angle);
        foreach (int cell in cells)
        {
            float[] votes = Votes(magnitude, angle, side, cell);
            int written = Blocks(votes, side / cell, target);
            target = target[written..];
        }
    }

    /// <summary>Of each pixel: the length of its gradient and its unsigned direction, in orientation bins 0 to 9.</summary>
    private static void Gradients(ReadOnlySpan<byte> rgb, int side, float[] magnitude, float[] angle)
    {
        for (int y = 0, i = 0; y < side; y++)
        {
            int up = Math.Max(y - 1, 0) * side, down = Math.Min(y + 1, side - 1) * side;
            for (int x = 0; x < side; x++, i++)
            {
                int left = (y * side) + Math.Max(x - 1, 0), right = (y * side) + Math.Min(x + 1, side - 1);
                float strongest = -1, bestX = 0, bestY = 0;
                for (int channel = 0; channel < 3; channel++)
                {
                    float dx = s_gamma[rgb[(right * 3) + channel]] - s_gamma[rgb[(left * 3) + channel]];
                    float dy = s_gamma[rgb[((down + x) * 3) + channel]] - s_gamma[rgb[((up + x) * 3) + channel]];
                    float square = (dx * dx) + (dy * dy);
                    if (square > strongest)
                    {
                        (strongest, bestX, bestY) = (square, dx, dy);
                    }
                }

                magnitude[i] = MathF.Sqrt(strongest);
                float turn = MathF.Atan2(bestY, bestX) / MathF.PI; // -1 to 1; a direction and its opposite are one.
                angle[i] = (turn < 0 ? turn + 1 : turn) * Orientations;
            }
        }
    }

    /// <summary>[cells, cells, orientations]: each pixel votes for the two nearest orientations in the four nearest cells, by nearness.</summary>
    private static float[] Votes(float[] magnitude, float[] angle, int side, int cell)
    {
        int count = side / cell;
        float[] votes = new float[count * count * Orientations];
        for (int i = 0; i < magnitude.Length; i++)
        {
            float bin = angle[i] - 0.5f, row = (((i / side) + 0.5f) / cell) - 0.5f, column = (((i % side) + 0.5f) / cell) - 0.5f;
            int lowBin = (int)MathF.Floor(bin), lowRow = (int)MathF.Floor(row), lowColumn = (int)MathF.Floor(column);
            float upper = bin - lowBin;
            int first = (lowBin + Orientations) % Orientations, second = (lowBin + 1) % Orientations;
            for (int corner = 0; corner < 4; corner++)
            {
                int r = lowRow + (corner >> 1), c = lowColumn + (corner & 1);
                if ((uint)r < (uint)count && (uint)c < (uint)count)
                {
                    float share = magnitude[i] * (1 - MathF.Abs(row - r)) * (1 - MathF.Abs(column - c));
                    int start = ((r * count) + c) * Orientations;
                    votes[start + first] += share * (1 - upper);
                    votes[start + second] += share * upper;
                }
            }
        }

        return votes;
    }

    private static int Blocks(float[] votes, int count, Span<float> target)
    {
        int written = 0;
        for (int row = 0; row + 1 < count; row++)
        {
            for (int column = 0; column + 1 < count; column++, written += BlockWidth)
            {
                Span<float> block = target.Slice(written, BlockWidth);
                int pair = 2 * Orientations, start = ((row * count) + column) * Orientations;
                votes.AsSpan(start, pair).CopyTo(block);
                votes.AsSpan(start + (count * Orientations), pair).CopyTo(block[pair..]);
                Normalize(block);
                foreach (ref float value in block)
                {
                    value = MathF.Min(value, Clip);
                }

                Normalize(block);
            }
        }

        return written;
    }

    private static void Normalize(Span<float> block)
    {
        float squares = Epsilon * Epsilon;
        foreach (float value in block)
        {
            squares += value * value;
        }

        float scale = 1 / MathF.Sqrt(squares);
        foreach (ref float value in block)
        {
            value *= scale;
        }
    }
}
