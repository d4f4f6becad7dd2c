namespace TransferLab.SurfaceDefects;

/// <summary>Noise over the plane, a pure function of position and seed. One lattice cell is one unit long.</summary>
internal static class Noise
{
    /// <summary>Smooth value noise, about -1..1.</summary>
    public static float Value(float x, float y, uint seed)
    {
        var floorX = MathF.Floor(x);
        var floorY = MathF.Floor(y);
        var column = (int)floorX;
        var row = (int)floorY;
        var fx = Fade(x - floorX);
        var fy = Fade(y - floorY);
        var top = Lerp(Lattice(column, row, seed), Lattice(column + 1, row, seed), fx);
        var bottom = Lerp(Lattice(column, row + 1, seed), Lattice(column + 1, row + 1, seed), fx);
        return Lerp(top, bottom, fy);
    }

    /// <summary>Octaves of value noise, each twice as fine and half as strong; about -1..1.</summary>
    public static float Fractal(float x, float y, uint seed, int octaves)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += weight * Value(x, y, seed + (uint)octave);
            total += weight;
            weight *= 0.5f;
            // The shift keeps the lattices of two octaves from lining up.
            x = 2f * x + 17.3f;
            y = 2f * y - 9.7f;
        }

        return sum / total;
    }

    /// <summary>
    /// Distance to the nearest border between the cells of scattered points (Worley, 1996: F2 - F1), 0 on a border.
    /// </summary>
    public static float CellBorder(float x, float y, uint seed)
    {
        var column = (int)MathF.Floor(x);
        var row = (int)MathF.Floor(y);
        var (first, second) = (9f, 9f);
        for (var j = row - 1; j <= row + 1; j++)
        {
            for (var i = column - 1; i <= column + 1; i++)
            {
                var hash = Hash(i, j, seed);
                var dx = i + (hash & 0xFFFF) * (1f / 65536f) - x;
                var dy = j + (hash >> 16) * (1f / 65536f) - y;
                var distance = dx * dx + dy * dy;
                if (distance < first)
                {
                    (first, second) = (distance, first);
                }
                else if (distance < second)
                {
                    second = distance;
                }
            }
        }

        return MathF.Sqrt(second) - MathF.Sqrt(first);
    }

    /// <summary>0 below <paramref name="low"/>, 1 above <paramref name="high"/>, smooth between; falls where low is the larger.</summary>
    public static float SmoothStep(float low, float high, float x)
    {
        var t = Math.Clamp((x - low) / (high - low), 0f, 1f);
        return t * t * (3f - 2f * t);
    }

    private static float Lattice(int column, int row, uint seed) => (int)Hash(column, row, seed) * (1f / 2147483648f);

    private static uint Hash(int column, int row, uint seed) =>
        Rng.Mix((uint)column * 0x9E3779B1 ^ (uint)row * 0x85EBCA77 ^ seed * 0xC2B2AE3D);

    private static float Fade(float t) => t * t * t * (t * (6f * t - 15f) + 10f);

    private static float Lerp(float a, float b, float t) => a + (b - a) * t;
}
