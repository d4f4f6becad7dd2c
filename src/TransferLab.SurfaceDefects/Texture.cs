namespace TransferLab.SurfaceDefects;

/// <summary>The metal before anything happened to it: brushed, rolled, ground, cast or turned.</summary>
internal static class Texture
{
    private delegate float Relief(float along, float across);

    public static void Apply(Surface surface, Rng rng)
    {
        surface.Grain = rng.Chance(0.5f) ? rng.Range(-0.15f, 0.15f) + (rng.Chance(0.35f) ? MathF.PI / 2f : 0f) : rng.Angle();
        surface.Roughness = rng.Range(Difficulty.TextureRelief);
        var relief = Pick(rng);
        var mottleSeed = (uint)rng.NextBits();
        var mottle = rng.Range(0.02f, 0.1f);
        var streaks = rng.Range(0f, 0.9f);
        var (cos, sin) = (MathF.Cos(surface.Grain), MathF.Sin(surface.Grain));
        surface.ForEach((i, x, y) =>
        {
            var along = cos * x + sin * y;
            var across = cos * y - sin * x;
            var height = relief(along, across);
            surface.Height[i] += surface.Roughness * height;
            surface.Reflectance[i] *= 1f
                + streaks * surface.Roughness * height
                + mottle * Noise.Fractal(0.015f * along, 0.035f * across, mottleSeed, 3);
        });
    }

    private static Relief Pick(Rng rng)
    {
        var seed = (uint)rng.NextBits();
        return rng.Int(0, 4) switch
        {
            0 => Brushed(rng.Range(0.5f, 0.9f), rng.Range(0.008f, 0.03f), seed),
            1 => Rolled(rng.Range(0.25f, 0.5f), rng.Range(0.05f, 0.12f), seed),
            2 => Ground(rng.Range(0.5f, 0.8f), rng.Range(0.004f, 0.02f), seed),
            3 => Cast(rng.Range(0.12f, 0.4f), seed),
            _ => Turned(rng.Range(0.6f, 1.6f), rng.Range(60f, 400f), seed),
        };
    }

    private static Relief Brushed(float fine, float stretch, uint seed) => (along, across) =>
        1.2f * Noise.Value(stretch * along, fine * across, seed)
        + 0.8f * Noise.Value(2.5f * stretch * along, 1.2f * fine * across, seed + 1)
        + 0.6f * Noise.Value(stretch * along, 0.15f * across, seed + 2);

    private static Relief Rolled(float fine, float stretch, uint seed) => (along, across) =>
        1.2f * Noise.Fractal(stretch * along, fine * across, seed, 2)
        + 1.5f * Noise.Value(0.01f * along, 0.08f * across, seed + 5)
        + 0.5f * Noise.Value(0.6f * along, 0.6f * across, seed + 6);

    /// <summary>Strokes of a grinding wheel: bent, and crossing at a small angle.</summary>
    private static Relief Ground(float fine, float bend, uint seed) => (along, across) =>
    {
        var bent = across + bend * along * along * 0.2f;
        return 1.2f * Noise.Value(0.05f * along, fine * bent, seed)
            + Noise.Value(0.05f * along, fine * (bent + 0.18f * along), seed + 1)
            + 0.6f * Noise.Value(0.4f * along, 0.7f * bent, seed + 2);
    };

    private static Relief Cast(float fine, uint seed) => (along, across) =>
        2f * Noise.Fractal(fine * along, fine * across, seed, 3);

    /// <summary>Grooves of a lathe or a mill, around a centre outside of the image.</summary>
    private static Relief Turned(float pitch, float radius, uint seed) => (along, across) =>
    {
        var distance = MathF.Sqrt((along - 48f) * (along - 48f) + (across + radius) * (across + radius));
        var groove = MathF.Sin(pitch * distance + 1.5f * Noise.Value(0.02f * along, 0.1f * distance, seed));
        return 0.6f * groove + 0.8f * Noise.Value(0.03f * along, 0.7f * distance, seed + 1);
    };
}
