namespace TransferLab.SurfaceDefects;

/// <summary>What a working surface carries without being defective; any class may show any of it.</summary>
internal static class Distractors
{
    public static void Apply(Surface surface, Rng rng, float factor)
    {
        (float Rate, Action<Surface, Rng, float> Draw)[] all =
        [
            (Difficulty.UnevennessRate, Unevenness),
            (Difficulty.HazeRate, Haze),
            (Difficulty.MarksRate, Marks),
            (Difficulty.RingRate, Ring),
            (Difficulty.HairRate, Hair),
            (Difficulty.SpecksRate, Specks),
            (Difficulty.ShadowRate, Shadow),
        ];
        foreach (var (rate, draw) in all)
        {
            if (rng.Chance(rate * factor))
            {
                draw(surface, rng, rng.Range(Difficulty.DistractorStrength));
            }
        }
    }

    /// <summary>Sheet that is not quite flat: like dents and blisters, but as wide as the image.</summary>
    private static void Unevenness(Surface surface, Rng rng, float strength)
    {
        var seed = (uint)rng.NextBits();
        var fine = rng.Range(0.015f, 0.035f);
        surface.ForEach((i, x, y) => surface.Height[i] += 2.5f * strength * Noise.Value(fine * x, fine * y, seed));
    }

    /// <summary>A film of oil: wide, smooth, tinted.</summary>
    private static void Haze(Surface surface, Rng rng, float strength)
    {
        var seed = (uint)rng.NextBits();
        var (fine, level) = (rng.Range(0.02f, 0.04f), rng.Range(-0.3f, 0.3f));
        var (tone, warmth) = (strength * rng.Range(-0.16f, 0.2f), strength * rng.Range(-0.05f, 0.06f));
        surface.ForEach((i, x, y) =>
        {
            var film = Noise.SmoothStep(level - 0.3f, level + 0.4f, Noise.Fractal(fine * x, fine * y, seed, 2));
            surface.Reflectance[i] *= 1f + tone * film;
            surface.Warmth[i] += warmth * film;
        });
    }

    /// <summary>Tool marks: parallel and evenly spaced from border to border, which scratches are not.</summary>
    private static void Marks(Surface surface, Rng rng, float strength)
    {
        var mask = new float[surface.Height.Length];
        var angle = surface.Grain + (rng.Chance(0.7f) ? 0.05f * rng.Normal() : rng.Range(-0.6f, 0.6f));
        var (cos, sin) = (MathF.Cos(angle), MathF.Sin(angle));
        var (pitch, bend) = (rng.Range(7f, 18f), rng.Range(-0.003f, 0.003f));
        var course = new Course(170f, 10f, bend, 0f, rng.Range(0.4f, 0.8f));
        var middle = rng.Range(-20f, 20f);
        for (var n = rng.Int(2, 4) - 1; n >= 0; n--)
        {
            var aside = middle + (n - 1) * pitch;
            var start = angle - 0.5f * bend * course.Length;
            Stroke.Draw(surface, mask, Stroke.Walk(rng, 48f - 85f * cos - aside * sin, 48f - 85f * sin + aside * cos, start, course, 0f));
        }

        var (depth, tone) = (strength * rng.Range(0.08f, 0.22f), strength * rng.Range(-0.14f, 0.14f));
        for (var i = 0; i < mask.Length; i++)
        {
            surface.Height[i] -= depth * mask[i];
            surface.Reflectance[i] *= 1f + tone * mask[i];
        }
    }

    /// <summary>A drop that has dried: a thin round line.</summary>
    private static void Ring(Surface surface, Rng rng, float strength)
    {
        var length = rng.Range(5f, 16f);
        var ring = new Blob(rng.Range(0f, 96f), rng.Range(0f, 96f), length, length * rng.Range(0.8f, 1f), rng.Angle(), 0.12f, (uint)rng.NextBits());
        var tone = strength * rng.Range(-0.22f, 0.16f);
        var width = 0.8f / length;
        ring.ForEach(surface, 1f + 4f * width, (i, radius) =>
        {
            var off = (radius - 1f) / width;
            surface.Reflectance[i] *= 1f + tone * (MathF.Exp(-0.5f * off * off) + (radius < 1f ? 0.15f : 0f));
        });
    }

    /// <summary>A hair or fibre: of even width and softly curled, where cracks are jagged and scratches straight.</summary>
    private static void Hair(Surface surface, Rng rng, float strength)
    {
        var mask = new float[surface.Height.Length];
        var bend = rng.Sign() * rng.Range(0.03f, 0.1f);
        var course = new Course(rng.Range(18f, 45f), 2f, bend, 0.1f, rng.Range(0.3f, 0.5f));
        Stroke.Draw(surface, mask, Stroke.Walk(rng, rng.Range(5f, 91f), rng.Range(5f, 91f), rng.Angle(), course, 0f));
        var tone = strength * (rng.Chance(0.5f) ? 0.4f : -0.4f);
        for (var i = 0; i < mask.Length; i++)
        {
            surface.Reflectance[i] *= 1f + tone * mask[i];
        }
    }

    /// <summary>Dust: a few grains, far apart, lying on the surface.</summary>
    private static void Specks(Surface surface, Rng rng, float strength)
    {
        for (var n = rng.Int(2, 9); n > 0; n--)
        {
            var radius = rng.Range(0.5f, 1.4f);
            var grain = new Blob(rng.Range(0f, 96f), rng.Range(0f, 96f), radius * rng.Range(1f, 1.8f), radius, rng.Angle(), 0.2f, (uint)rng.NextBits());
            var tone = strength * (rng.Chance(0.4f) ? rng.Range(0.2f, 0.5f) : -rng.Range(0.2f, 0.5f));
            grain.ForEach(surface, 1.3f, (i, r) => surface.Reflectance[i] *= 1f + tone * Noise.SmoothStep(1.3f, 0.5f, r));
        }
    }

    /// <summary>The soft edge of a shadow across the patch.</summary>
    private static void Shadow(Surface surface, Rng rng, float strength)
    {
        var angle = rng.Angle();
        var (cos, sin) = (MathF.Cos(angle), MathF.Sin(angle));
        var (edge, soft) = (rng.Range(10f, 40f), rng.Range(2f, 15f));
        surface.ForEach((i, x, y) =>
        {
            var beyond = (x - 48f) * cos + (y - 48f) * sin - edge;
            surface.Reflectance[i] *= 1f - 0.35f * strength * Noise.SmoothStep(-soft, soft, beyond);
        });
    }
}
