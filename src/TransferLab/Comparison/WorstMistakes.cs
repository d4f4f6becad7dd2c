using System.Runtime.InteropServices;
using SkiaSharp;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Picks the mistakes that a model was surest of, with their pictures or texts.</summary>
internal static class WorstMistakes
{
    private const int Most = 12;
    /// <summary>Side of the pictures, pixels.</summary>
    public const int Side = 96;
    private const int Quality = 82;

    /// <summary>Of images.</summary>
    public static IReadOnlyList<Mistake> Images(RunResult run, IReadOnlyList<Example> test) =>
        [.. Worst(run, test).Select(i => new Mistake { Index = i, Predicted = run.Predicted[i], Score = run.Score[i], Thumbnail = Thumbnail(test[i].Source) })];

    /// <summary>Of texts, with what the backbone takes for most alike.</summary>
    public static IReadOnlyList<Mistake> Texts(RunResult run, IReadOnlyList<Example> test, NearestExamples nearest, CancellationToken cancellation)
    {
        int[] worst = [.. Worst(run, test)];
        IReadOnlyList<IReadOnlyList<Neighbour>> neighbours = nearest.Of([.. worst.Select(i => test[i])], cancellation);
        return [.. worst.Zip(neighbours, (i, near) => new Mistake { Index = i, Predicted = run.Predicted[i], Score = run.Score[i], Text = test[i].Source, Nearest = near })];
    }

    private static IEnumerable<int> Worst(RunResult run, IReadOnlyList<Example> test) => Enumerable.Range(0, test.Count)
        .Where(i => run.Predicted[i] != test[i].Label)
        .OrderByDescending(i => run.Score[i])
        .ThenBy(i => i)
        .Take(Most);

    /// <summary>The middle of an image, <c>[Side, Side, 3]</c>.</summary>
    public static byte[] Pixels(string path)
    {
        byte[] rgb = new byte[Side * Side * 3];
        ImageFile.Render(path, Side, ImageView.Centre, rgb);
        return rgb;
    }

    private static string Thumbnail(string path)
    {
        byte[] rgb = Pixels(path);
        using SKBitmap bitmap = new(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        byte[] rgba = new byte[Side * Side * 4];
        for (int i = 0; i < Side * Side; i++)
        {
            rgb.AsSpan(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = byte.MaxValue;
        }

        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return "data:image/jpeg;base64," + Convert.ToBase64String(jpeg.AsSpan());
    }
}
