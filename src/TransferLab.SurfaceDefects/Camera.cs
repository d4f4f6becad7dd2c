namespace TransferLab.SurfaceDefects;

/// <summary>An industrial camera over the patch, with a raking light from the upper half of the image.</summary>
internal static class Camera
{
    /// <summary>Photographs the patch.</summary>
    /// <returns>RGB, [size, size, 3] uint8.</returns>
    public static byte[] Shoot(Surface surface, Rng rng)
    {
        var light = Illuminate(surface, rng);
        Blur(light, surface.Size, rng.Range(Difficulty.Blur) / surface.Step);
        return Develop(surface, light, rng);
    }

    /// <summary>Lambert's shading of the relief, without its constant part, under light that falls off.</summary>
    private static float[] Illuminate(Surface surface, Rng rng)
    {
        var azimuth = rng.Range(-Difficulty.LightSpread, Difficulty.LightSpread);
        var rake = 1f / MathF.Tan(rng.Range(Difficulty.LightElevation));
        var (lightX, lightY) = (MathF.Sin(azimuth), -MathF.Cos(azimuth));
        var exposure = rng.Range(Difficulty.Exposure);
        var falloff = rng.Range(Difficulty.Falloff);
        var vignette = rng.Range(Difficulty.Vignette);
        var light = new float[surface.Height.Length];
        surface.ForEach((i, x, y) =>
        {
            var (slopeX, slopeY) = Slope(surface, i);
            var towards = -(slopeX * lightX + slopeY * lightY);
            var shade = (1f + rake * towards) / MathF.Sqrt(1f + slopeX * slopeX + slopeY * slopeY);
            var (fromMiddleX, fromMiddleY) = (x / Surface.Side - 0.5f, y / Surface.Side - 0.5f);
            var reach = 1f + falloff * (fromMiddleX * lightX + fromMiddleY * lightY)
                - 2f * vignette * (fromMiddleX * fromMiddleX + fromMiddleY * fromMiddleY);
            light[i] = exposure * reach * MathF.Max(0.12f, surface.Reflectance[i]) * MathF.Max(0.08f, shade);
        });
        return light;
    }

    private static (float X, float Y) Slope(Surface surface, int i)
    {
        var size = surface.Size;
        var (x, y) = (i % size, i / size);
        var (left, right) = (x > 0 ? i - 1 : i, x < size - 1 ? i + 1 : i);
        var (up, down) = (y > 0 ? i - size : i, y < size - 1 ? i + size : i);
        var height = surface.Height;
        return ((height[right] - height[left]) / ((right - left) * surface.Step),
            (height[down] - height[up]) / ((down - up) / size * surface.Step));
    }

    /// <summary>Gaussian, separable; <paramref name="sigma"/> in pixels.</summary>
    private static void Blur(float[] values, int size, float sigma)
    {
        var radius = Math.Max(1, (int)MathF.Ceiling(2.5f * sigma));
        var kernel = Enumerable.Range(-radius, 2 * radius + 1).Select(k => MathF.Exp(-0.5f * k * k / (sigma * sigma))).ToArray();
        var sum = kernel.Sum();
        var rows = new float[values.Length];
        Convolve(values, rows, size, 1, size, kernel, sum);
        Convolve(rows, values, size, size, 1, kernel, sum);
    }

    private static void Convolve(float[] from, float[] to, int size, int along, int across, float[] kernel, float sum)
    {
        var radius = kernel.Length / 2;
        for (var line = 0; line < size; line++)
        {
            for (var p = 0; p < size; p++)
            {
                var total = 0f;
                for (var k = -radius; k <= radius; k++)
                {
                    total += kernel[k + radius] * from[line * across + Math.Clamp(p + k, 0, size - 1) * along];
                }

                to[line * across + p * along] = total / sum;
            }
        }
    }

    private static byte[] Develop(Surface surface, float[] light, Rng rng)
    {
        var noise = rng.Range(Difficulty.SensorNoise);
        var cast = rng.Range(-Difficulty.ColourCast, Difficulty.ColourCast);
        var green = rng.Range(-0.4f, 0.4f) * Difficulty.ColourCast;
        var pixels = new byte[3 * light.Length];
        for (var i = 0; i < light.Length; i++)
        {
            var warmth = cast + surface.Warmth[i];
            // Noise of the light grows with it, and is common to the channels; each channel adds its own.
            var grey = light[i] + noise * (0.5f + light[i]) * rng.Normal();
            pixels[3 * i] = Level(grey * (1f + warmth) + 0.4f * noise * rng.Normal());
            pixels[3 * i + 1] = Level(grey * (1f + green) + 0.3f * noise * rng.Normal());
            pixels[3 * i + 2] = Level(grey * (1f - warmth) + 0.4f * noise * rng.Normal());
        }

        return pixels;
    }

    /// <summary>Highlights roll off instead of clipping hard.</summary>
    private static byte Level(float light)
    {
        var toned = light < 0.7f ? light : 0.7f + 0.3f * (light - 0.7f) / (light - 0.4f);
        return (byte)Math.Clamp((int)(255f * toned + 0.5f), 0, 255);
    }
}
