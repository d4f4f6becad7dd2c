namespace TransferLab.SurfaceDefects;

/// <summary>Defects that are seen by their shading: dent, blister, pitting.</summary>
internal static class ReliefDefects
{
    /// <summary>A smooth hollow: dark towards the light, bright away from it.</summary>
    public static void Dent(Surface surface, Rng rng) => Bulge(surface, rng, -1f);

    /// <summary>A smooth bump, its shading that of a dent upside down.</summary>
    public static void Blister(Surface surface, Rng rng) => Bulge(surface, rng, 1f);

    /// <summary>A cluster of small round holes.</summary>
    public static void Pitting(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var spread = rng.Range(9f, 24f);
        var largest = rng.Range(1.1f, 2.4f) * (0.5f + 0.5f * pose.Scale);
        var depth = pose.Strength * rng.Range(0.35f, 0.75f);
        var dark = pose.Strength * rng.Range(0.15f, 0.45f);
        for (var pit = rng.Int(9, 34); pit > 0; pit--)
        {
            var (x, y) = pose.Near(rng, spread);
            var radius = largest * rng.Range(0.45f, 1f);
            var hole = new Blob(x, y, radius * rng.Range(1f, 1.35f), radius, rng.Angle(), 0.3f, (uint)rng.NextBits());
            hole.ForEach(surface, 1.4f, (i, r) =>
            {
                var inside = Noise.SmoothStep(1.4f, 0.2f, r);
                surface.Height[i] -= depth * radius * inside;
                surface.Reflectance[i] *= 1f - dark * inside;
            });
        }
    }

    private static void Bulge(Surface surface, Rng rng, float sign)
    {
        var pose = Pose.Random(rng, surface);
        var count = rng.Chance(0.25f) ? rng.Int(2, 3) : 1;
        var (size, flatness) = (rng.Range(8f, 18f), rng.Range(0f, 0.6f));
        var slope = sign * pose.Strength * rng.Range(0.11f, 0.26f);
        var tone = rng.Range(-0.06f, 0.06f);
        for (var n = 0; n < count; n++)
        {
            var (x, y) = n == 0 ? (pose.X, pose.Y) : pose.Near(rng, 22f);
            var length = size * pose.Scale * (n == 0 ? 1f : rng.Range(0.4f, 0.9f));
            var shape = new Blob(x, y, length, length * rng.Range(0.6f, 1f), rng.Angle(), rng.Range(0f, 0.25f), (uint)rng.NextBits());
            shape.ForEach(surface, 1.2f, (i, radius) =>
            {
                var dome = Noise.SmoothStep(1.2f, flatness, radius);
                surface.Height[i] += slope * length * dome;
                surface.Reflectance[i] *= 1f + tone * dome;
            });
        }
    }
}
