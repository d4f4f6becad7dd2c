namespace TransferLab.SurfaceDefects;

/// <summary>Defects that are spots of another reflectance: inclusion, rolled-in scale, stain.</summary>
internal static class SpotDefects
{
    /// <summary>Foreign matter drawn out along the grain: narrow, dark, sharply bounded.</summary>
    public static void Inclusion(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var along = surface.Grain + 0.12f * rng.Normal();
        var dark = pose.Strength * rng.Range(0.3f, 0.6f);
        for (var n = rng.Int(1, 3); n > 0; n--)
        {
            var offset = rng.Range(-14f, 14f) * (n - 1);
            var aside = rng.Range(-2.5f, 2.5f) * (n - 1);
            var (cos, sin) = (MathF.Cos(along), MathF.Sin(along));
            var length = rng.Range(5f, 15f) * pose.Scale;
            var breadth = MathF.Max(0.8f, length * rng.Range(0.12f, 0.38f));
            var spot = new Blob(
                pose.X + offset * cos - aside * sin, pose.Y + offset * sin + aside * cos, length, breadth, along, rng.Range(0.4f, 0.9f), (uint)rng.NextBits());
            spot.ForEach(surface, 1.25f, (i, radius) =>
            {
                var inside = Noise.SmoothStep(1.25f, 0.8f, radius);
                surface.Reflectance[i] *= 1f - dark * inside;
                surface.Height[i] -= 0.25f * dark * inside;
            });
        }
    }

    /// <summary>Flakes of oxide pressed into the surface: ragged, rough, scattered along the grain.</summary>
    public static void RolledInScale(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var (cos, sin) = (MathF.Cos(surface.Grain), MathF.Sin(surface.Grain));
        var (spread, narrow) = (rng.Range(12f, 26f), rng.Range(0.35f, 0.8f));
        var largest = rng.Range(2f, 5f) * (0.5f + 0.5f * pose.Scale);
        var dark = pose.Strength * rng.Range(0.15f, 0.42f);
        var (rough, seed) = (pose.Strength * rng.Range(0.2f, 0.6f), (uint)rng.NextBits());
        for (var flake = rng.Int(7, 24); flake > 0; flake--)
        {
            var (along, across) = (spread * pose.Scale * rng.Normal(), narrow * spread * pose.Scale * rng.Normal());
            var length = largest * rng.Range(0.4f, 1f);
            var shape = new Blob(
                pose.X + along * cos - across * sin, pose.Y + along * sin + across * cos,
                length, length * rng.Range(0.3f, 0.8f), surface.Grain + 0.2f * rng.Normal(), 0.9f, (uint)rng.NextBits());
            shape.ForEach(surface, 1.3f, (i, radius) =>
            {
                var inside = Noise.SmoothStep(1.3f, 0.7f, radius);
                var grit = Noise.Value(0.9f * (i % surface.Size) * surface.Step, 0.9f * (i / surface.Size) * surface.Step, seed);
                surface.Reflectance[i] *= 1f - dark * inside * (1f + 0.5f * grit);
                surface.Height[i] += rough * inside * grit;
            });
        }
    }

    /// <summary>Blotches of low contrast without relief, soft or with a dried rim; the texture shows through.</summary>
    public static void Stain(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var dark = pose.Strength * rng.Range(0.12f, 0.34f);
        var rim = rng.Chance(0.45f) ? rng.Range(0.4f, 1f) : 0f;
        var (soft, warmth) = (rng.Range(0.15f, 0.6f), pose.Strength * rng.Range(-0.03f, 0.09f));
        for (var n = rng.Int(1, 4); n > 0; n--)
        {
            var (x, y) = pose.Near(rng, 13f);
            var length = rng.Range(7f, 20f) * pose.Scale;
            var shape = new Blob(x, y, length, length * rng.Range(0.4f, 1f), rng.Angle(), rng.Range(0.4f, 0.9f), (uint)rng.NextBits());
            shape.ForEach(surface, 1f + soft, (i, radius) =>
            {
                var inside = Noise.SmoothStep(1f + soft, 1f - soft, radius);
                var edge = rim * inside * Noise.SmoothStep(0.55f, 1f, radius);
                var share = (1f - 0.6f * rim) * inside + edge;
                surface.Reflectance[i] *= 1f - dark * share;
                surface.Warmth[i] += warmth * share;
            });
        }
    }
}
