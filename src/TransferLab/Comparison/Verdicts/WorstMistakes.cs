using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Picks the mistakes that a model was surest of, with their pictures or texts.</summary>
internal static class WorstMistakes
{
    /// <summary>Side of the pictures, pixels.</summary>
    public const int Side = 96;
    private const int Most = 12;

    /// <summary>Of images.</summary>
    public static IReadOnlyList<Mistake> Images(RunResult run, IReadOnlyList<Example> test) =>
        [.. Worst(run, test).Select(i =>
            new Mistake { Index = i, Predicted = run.Predicted[i], Score = run.Score[i], Thumbnail = ImageEncoding.JpegUri(Pixels(test[i].Source), Side) })];

    /// <summary>Of texts, with what the backbone takes for most alike.</summary>
    public static IReadOnlyList<Mistake> Texts(RunResult run, IReadOnlyList<Example> test, NearestExamples nearest, CancellationToken cancellation)
    {
        int[] worst = [.. Worst(run, test)];
        IReadOnlyList<IReadOnlyList<Neighbour>> neighbours = nearest.Of([.. worst.Select(i => test[i])], cancellation);
        return [.. worst.Zip(neighbours, (i, near) =>
            new Mistake { Index = i, Predicted = run.Predicted[i], Score = run.Score[i], Text = test[i].Source, Nearest = near })];
    }

    private static IEnumerable<int> Worst(RunResult run, IReadOnlyList<Example> test) => Enumerable.Range(0, test.Count)
        .Where(i => run.Predicted[i] != test[i].Label)
        .OrderByDescending(i => run.Score[i])
        .ThenBy(i => i)
        .Take(Most);

    /// <summary>What a view shows of an image, its middle where none is given: <c>[Side, Side, 3]</c>.</summary>
    public static byte[] Pixels(string path, ImageView? view = null)
    {
        byte[] rgb = new byte[Side * Side * 3];
        ImageFile.Render(path, Side, view ?? ImageView.Centre, rgb);
        return rgb;
    }
}
