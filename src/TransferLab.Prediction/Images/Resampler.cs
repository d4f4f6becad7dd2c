using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TransferLab.Data;

/// <summary>Resamples with a triangle filter as wide as the step: bilinear where the picture grows, anti-aliased where it shrinks.</summary>
/// <remarks>Pixel centres lie at halves; what is asked for outside the picture is the picture reflected at its edge.</remarks>
internal static class Resampler
{
    /// <param name="picture">Decoded pixels, perhaps fewer than the file's.</param>
    /// <param name="fullWidth">Width of the upright picture in its file.</param>
    /// <param name="fullHeight">Its height.</param>
    /// <param name="size">Side of the output.</param>
    /// <param name="view">Crop, flip and rotation; brightness and contrast are not applied here.</param>
    /// <param name="rgb">Receives <c>[size, size, 3]</c>.</param>
    public static void Draw(Picture picture, int fullWidth, int fullHeight, int size, in ImageView view, Span<byte> rgb)
    {
        var crop = view.Crop(fullWidth, fullHeight);
        double left = picture.Left + (view.X * (fullWidth - crop.Width) * picture.Scale);
        double top = picture.Top + (view.Y * (fullHeight - crop.Height) * picture.Scale);
        double width = crop.Width * picture.Scale;
        double height = crop.Height * picture.Scale;
        if (view.Rotation % 360 == 0)
        {
            var columns = Taps.Along(picture.Width, left, width, size, view.Flip, view.Filter);
            var rows = Taps.Along(picture.Height, top, height, size, flip: false, view.Filter);
            Separable(picture, size, columns, rows, rgb);
            columns.Return();
            rows.Return();
        }
        else
        {
            Rotated(picture, size, view, left + (width / 2), top + (height / 2), width / size, height / size, rgb);
        }
    }

    private static void Separable(Picture picture, int size, Taps columns, Taps rows, Span<byte> rgb)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(picture.Rgba);
        var (first, last) = rows.Range();
        int used = last - first + 1;
        var lines = ArrayPool<Vector128<float>>.Shared.Rent(used * size);
        for (int y = 0; y < used; y++)
        {
            var source = pixels.Slice((first + y) * picture.Width, picture.Width);
            for (int x = 0; x < size; x++)
            {
                var sum = Vector128<float>.Zero;
                var sources = columns.Sources(x);
                var weights = columns.Weights(x);
                for (int k = 0; k < sources.Length; k++)
                {
                    sum += Load(source[sources[k]]) * weights[k];
                }

                lines[(y * size) + x] = sum;
            }
        }

        var line = ArrayPool<Vector128<float>>.Shared.Rent(size);
        for (int y = 0; y < size; y++)
        {
            var sums = line.AsSpan(0, size);
            sums.Clear();
            var sources = rows.Sources(y);
            var weights = rows.Weights(y);
            for (int k = 0; k < sources.Length; k++)
            {
                var source = lines.AsSpan((sources[k] - first) * size, size);
                float weight = weights[k];
                for (int x = 0; x < sums.Length; x++)
                {
                    sums[x] += source[x] * weight;
                }
            }

            var target = rgb.Slice(y * size * 3, size * 3);
            for (int x = 0; x < sums.Length; x++)
            {
                Store(sums[x], target[(x * 3)..]);
            }
        }

        ArrayPool<Vector128<float>>.Shared.Return(line);
        ArrayPool<Vector128<float>>.Shared.Return(lines);
    }

    // The same filter in the output's axes: every source pixel within reach is weighted by its distance across and down the output.
    private static void Rotated(
        Picture picture, int size, in ImageView view, double centreX, double centreY, double stepX, double stepY, Span<byte> rgb)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(picture.Rgba);
        var (sin, cos) = Math.SinCos(view.Rotation * Math.PI / 180);
        double radiusX = Math.Max(1, stepX);
        double radiusY = Math.Max(1, stepY);
        double reachX = (Math.Abs(cos) * radiusX) + (Math.Abs(sin) * radiusY);
        double reachY = (Math.Abs(sin) * radiusX) + (Math.Abs(cos) * radiusY);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double across = (x + 0.5 - (size / 2.0)) * (view.Flip ? -stepX : stepX);
                double down = (y + 0.5 - (size / 2.0)) * stepY;
                double sourceX = centreX + (cos * across) + (sin * down) - 0.5;
                double sourceY = centreY - (sin * across) + (cos * down) - 0.5;
                var sum = Vector128<float>.Zero;
                float total = 0;
                for (int j = (int)Math.Ceiling(sourceY - reachY); j <= sourceY + reachY; j++)
                {
                    int row = Taps.Reflect(j, picture.Height) * picture.Width;
                    float dy = (float)(j - sourceY);
                    for (int i = (int)Math.Ceiling(sourceX - reachX); i <= sourceX + reachX; i++)
                    {
                        float dx = (float)(i - sourceX);
                        float weightX = 1 - MathF.Abs((float)((cos * dx) - (sin * dy)) / (float)radiusX);
                        float weightY = 1 - MathF.Abs((float)((sin * dx) + (cos * dy)) / (float)radiusY);
                        if (weightX > 0 && weightY > 0)
                        {
                            sum += Load(pixels[row + Taps.Reflect(i, picture.Width)]) * (weightX * weightY);
                            total += weightX * weightY;
                        }
                    }
                }

                Store(sum / total, rgb[(((y * size) + x) * 3)..]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(uint pixel)
    {
        var bytes = Vector128.CreateScalarUnsafe(pixel).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> value, Span<byte> target)
    {
        value = Vector128.Max(value, Vector128<float>.Zero); // A cubic filter overshoots at edges.
        var rounded = Vector128.ConvertToInt32(value + Vector128.Create(0.5f));
        target[2] = (byte)Math.Min(255, rounded.GetElement(2));
        target[1] = (byte)Math.Min(255, rounded.GetElement(1));
        target[0] = (byte)Math.Min(255, rounded.GetElement(0));
    }
}
