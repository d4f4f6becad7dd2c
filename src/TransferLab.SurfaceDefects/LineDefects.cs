namespace TransferLab.SurfaceDefects;

/// <summary>Defects that are lines: scratch, crack, crazing.</summary>
internal static class LineDefects
{
    /// <summary>Smooth, nearly straight grooves with a bright or dark floor; sometimes a few side by side.</summary>
    public static void Scratch(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var mask = new float[surface.Height.Length];
        var copies = rng.Chance(0.3f) ? rng.Int(2, 3) : 1;
        var bend = rng.Range(-0.012f, 0.012f);
        for (var copy = 0; copy < copies; copy++)
        {
            var course = new Course(rng.Range(30f, 75f) * pose.Scale, 3f, bend, rng.Range(0.005f, 0.05f), rng.Range(0.35f, 0.8f));
            Stroke.Draw(surface, mask, Through(rng, pose, rng.Range(-3.5f, 3.5f) * (copies - 1), course, 0.25f));
        }

        Skip(surface, mask, rng);
        var tone = pose.Strength * (rng.Chance(0.55f) ? rng.Range(0.15f, 0.45f) : -rng.Range(0.15f, 0.4f));
        Engrave(surface, mask, pose.Strength * rng.Range(0.25f, 0.6f), tone);
    }

    /// <summary>A jagged dark line, thinning out, that may branch.</summary>
    public static void Crack(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var mask = new float[surface.Height.Length];
        var course = new Course(rng.Range(32f, 75f) * pose.Scale, rng.Range(2f, 3.5f), rng.Range(-0.01f, 0.01f), rng.Range(0.18f, 0.42f),
            rng.Range(0.35f, 0.75f));
        var trunk = Through(rng, pose, 0f, course, 0.4f);
        Stroke.Draw(surface, mask, trunk);
        for (var branch = rng.Int(0, 3); branch > 0; branch--)
        {
            var at = rng.Int(1, trunk.Count - 2);
            var (from, to) = (trunk[at], trunk[at + 1]);
            var turn = rng.Sign() * rng.Range(0.4f, 1.1f);
            var angle = MathF.Atan2(to.Y - from.Y, to.X - from.X) + turn;
            var twig = course with { Length = course.Length * rng.Range(0.15f, 0.4f), Width = 0.8f * course.Width };
            Stroke.Draw(surface, mask, Stroke.Walk(rng, from.X, from.Y, angle, twig, 0.6f));
        }

        Engrave(surface, mask, pose.Strength * rng.Range(0.05f, 0.25f), -pose.Strength * rng.Range(0.3f, 0.6f));
    }

    /// <summary>A net of fine cracks over part of the patch.</summary>
    public static void Crazing(Surface surface, Rng rng)
    {
        var pose = Pose.Random(rng, surface);
        var cell = rng.Range(7f, 16f) * (0.4f + 0.6f * pose.Scale);
        var width = rng.Range(0.5f, 0.9f) / cell;
        var area = new Blob(pose.X, pose.Y, rng.Range(22f, 52f) * pose.Scale, rng.Range(18f, 40f) * pose.Scale, pose.Angle, 0.5f, (uint)rng.NextBits());
        var (seed, gaps) = ((uint)rng.NextBits(), rng.Range(-0.55f, 0.1f));
        var inside = new float[surface.Height.Length];
        area.ForEach(surface, 1f, (i, radius) => inside[i] = Noise.SmoothStep(1f, 0.6f, radius));
        var mask = new float[inside.Length];
        surface.ForEach((i, x, y) =>
        {
            if (inside[i] > 0f)
            {
                var (bentX, bentY) = (x + 2f * Noise.Value(0.25f * x, 0.25f * y, seed + 1), y + 2f * Noise.Value(0.25f * x, 0.25f * y, seed + 2));
                var border = Noise.CellBorder(bentX / cell, bentY / cell, seed);
                var open = Noise.SmoothStep(gaps - 0.2f, gaps + 0.3f, Noise.Value(0.12f * x, 0.12f * y, seed + 3));
                mask[i] = inside[i] * open * Noise.SmoothStep(2.2f * width, 0.2f * width, border);
            }
        });
        Engrave(surface, mask, pose.Strength * rng.Range(0.05f, 0.25f), -pose.Strength * rng.Range(0.2f, 0.42f));
    }

    /// <summary>A line whose middle is the pose's, moved sideways by <paramref name="aside"/>.</summary>
    private static List<Vertex> Through(Rng rng, Pose pose, float aside, Course course, float taper)
    {
        var (cos, sin) = (MathF.Cos(pose.Angle), MathF.Sin(pose.Angle));
        var half = 0.5f * course.Length * rng.Range(0.7f, 1.3f);
        // Against the bend, so that the middle of an arc, too, runs through the pose.
        var start = pose.Angle - 0.5f * course.Bend * course.Length;
        return Stroke.Walk(rng, pose.X - half * cos - aside * sin, pose.Y - half * sin + aside * cos, start, course, taper);
    }

    /// <summary>What scratches skips: pressure varies along the way.</summary>
    private static void Skip(Surface surface, float[] mask, Rng rng)
    {
        var (seed, depth) = ((uint)rng.NextBits(), rng.Range(0f, 0.8f));
        surface.ForEach((i, x, y) => mask[i] *= 1f - depth * Noise.SmoothStep(-0.2f, 0.5f, Noise.Value(0.1f * x, 0.1f * y, seed)));
    }

    private static void Engrave(Surface surface, float[] mask, float depth, float tone)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            surface.Height[i] -= depth * mask[i];
            surface.Reflectance[i] *= 1f + tone * mask[i];
        }
    }
}
