namespace TransferLab.SurfaceDefects;

/// <summary>One point of a line: where, how wide (standard deviation across), how strong (0..1).</summary>
internal readonly record struct Vertex(float X, float Y, float Width, float Strength);

/// <summary>How a line runs: it bends steadily and is thrown off course at random, in radians per step.</summary>
internal readonly record struct Course(float Length, float Step, float Bend, float Jitter, float Width);

/// <summary>Lines on the surface: scratches, cracks, hairs, marks.</summary>
internal static class Stroke
{
    /// <summary>Walks from a point; <paramref name="taper"/> is the share of the length over which each end thins out.</summary>
    public static List<Vertex> Walk(Rng rng, float x, float y, float angle, Course course, float taper)
    {
        var steps = Math.Max(2, (int)(course.Length / course.Step));
        var line = new List<Vertex>(steps + 1);
        for (var i = 0; i <= steps; i++)
        {
            var end = Math.Min(i, steps - i) / (float)steps;
            var thin = taper > 0f ? 0.35f + 0.65f * Math.Min(1f, end / taper) : 1f;
            line.Add(new Vertex(x, y, course.Width * thin, thin));
            angle += course.Bend * course.Step + course.Jitter * rng.Normal();
            x += course.Step * MathF.Cos(angle);
            y += course.Step * MathF.Sin(angle);
        }

        return line;
    }

    /// <summary>Draws the line's profile, a Gaussian across, into <paramref name="mask"/>; crossing lines do not add up.</summary>
    public static void Draw(Surface surface, float[] mask, List<Vertex> line)
    {
        for (var i = 1; i < line.Count; i++)
        {
            Segment(surface, mask, line[i - 1], line[i]);
        }
    }

    private static void Segment(Surface surface, float[] mask, Vertex from, Vertex to)
    {
        // A line thinner than a pixel gets the width of a pixel and proportionally less strength.
        var width = MathF.Max(0.5f * (from.Width + to.Width), 0.45f * surface.Step);
        var strength = 0.5f * (from.Width + to.Width) / width;
        var reach = 2.5f * width;
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var inverse = 1f / MathF.Max(dx * dx + dy * dy, 1e-6f);
        surface.ForEach(
            MathF.Min(from.X, to.X) - reach,
            MathF.Min(from.Y, to.Y) - reach,
            MathF.Max(from.X, to.X) + reach,
            MathF.Max(from.Y, to.Y) + reach,
            (i, x, y) =>
            {
                var t = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) * inverse, 0f, 1f);
                var (ox, oy) = (x - from.X - t * dx, y - from.Y - t * dy);
                var profile = MathF.Exp(-0.5f * (ox * ox + oy * oy) / (width * width));
                var here = strength * (from.Strength + t * (to.Strength - from.Strength)) * profile;
                mask[i] = MathF.Max(mask[i], here);
            });
    }
}
