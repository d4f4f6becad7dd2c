namespace TransferLab.SurfaceDefects;

/// <summary>A round or elongated spot with an uneven outline.</summary>
/// <param name="X">Middle, along the image's rows.</param>
/// <param name="Y">Middle, down the image.</param>
/// <param name="Length">Half of its length.</param>
/// <param name="Breadth">Half of its breadth.</param>
/// <param name="Angle">Direction of its length, in radians.</param>
/// <param name="Irregularity">How far the outline strays, relative to the radius.</param>
/// <param name="Seed">Of the outline.</param>
internal readonly record struct Blob(float X, float Y, float Length, float Breadth, float Angle, float Irregularity, uint Seed)
{
    /// <summary>
    /// Calls <paramref name="visit"/> for every pixel near the blob with its index and its radius: 0 in the middle, 1 on the outline.
    /// </summary>
    public void ForEach(Surface surface, float farthest, Action<int, float> visit)
    {
        var (cos, sin) = (MathF.Cos(Angle), MathF.Sin(Angle));
        var (x0, y0, length, breadth, irregularity, seed) = (X, Y, Length, Breadth, Irregularity, Seed);
        var reach = (farthest + irregularity) * Length;
        var detail = 2.2f / MathF.Sqrt(Length * Breadth);
        surface.ForEach(X - reach, Y - reach, X + reach, Y + reach, (i, x, y) =>
        {
            var (dx, dy) = (x - x0, y - y0);
            var along = (cos * dx + sin * dy) / length;
            var across = (cos * dy - sin * dx) / breadth;
            var radius = MathF.Sqrt(along * along + across * across);
            if (irregularity > 0f)
            {
                // The middle stays put: only the outline is uneven.
                radius += irregularity * MathF.Min(1f, radius) * Noise.Fractal(detail * dx, detail * dy, seed, 3);
            }

            if (radius < farthest)
            {
                visit(i, radius);
            }
        });
    }
}
