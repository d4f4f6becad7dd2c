using TransferLab.Data;
using TransferLab.Prediction;

namespace TransferLab.SurfaceDefects;

/// <summary>
/// The embedded image data set: photographs of a metal surface under raking light with one of nine defects, or none.
/// Every image is drawn from its class and a seed, so the set can be made in any number and size.
/// </summary>
/// <remarks>
/// The pixels depend on class, seed and size alone. Between platforms single values may differ by a level, where their
/// mathematics libraries round differently.
/// </remarks>
public static class SurfaceDefectImages
{
    /// <summary>Side of the stored images, in pixels.</summary>
    public const int DefaultSize = 96;

    /// <summary>Seed of the stored images.</summary>
    public const int DefaultSeed = 1;

    private const int SmallestSize = 16;
    private const int LargestSize = 1024;

    private static readonly SortedList<string, Action<Surface, Rng>> Defects = new(StringComparer.Ordinal)
    {
        ["blister"] = ReliefDefects.Blister,
        ["clean"] = (_, _) => { },
        ["crack"] = LineDefects.Crack,
        ["crazing"] = LineDefects.Crazing,
        ["dent"] = ReliefDefects.Dent,
        ["inclusion"] = SpotDefects.Inclusion,
        ["pitting"] = ReliefDefects.Pitting,
        ["rolled-in-scale"] = SpotDefects.RolledInScale,
        ["scratch"] = LineDefects.Scratch,
        ["stain"] = SpotDefects.Stain,
    };

    /// <summary>Names of the classes in label order, which is ordinal order.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. Defects.Keys];

    /// <summary>Draws one image.</summary>
    /// <param name="label">Index into <see cref="Classes"/>.</param>
    /// <param name="seed">Which image of the class.</param>
    /// <param name="size">Side in pixels, 16 to 1024; the scene stays the same.</param>
    /// <returns>RGB, [size, size, 3] uint8, row by row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such label or size.</exception>
    public static byte[] Draw(int label, int seed, int size = DefaultSize)
    {
        if (label < 0 || label >= Classes.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(label), $"Label {label} does not exist: labels are 0 to {Classes.Count - 1}, the order of Classes.");
        }

        CheckSize(size);
        var rng = new Rng(Rng.Mix(((ulong)(uint)seed << 8) + (ulong)label));
        var surface = new Surface(size);
        var draw = Defects.Values[label];
        Texture.Apply(surface, rng);
        Distractors.Apply(surface, rng, Classes[label] == "clean" ? Difficulty.CleanFactor : 1f);
        draw(surface, rng);
        return Camera.Shoot(surface, rng);
    }

    /// <summary>Draws one image.</summary>
    /// <param name="className">One of <see cref="Classes"/>.</param>
    /// <param name="seed">Which image of the class.</param>
    /// <param name="size">Side in pixels, 16 to 1024; the scene stays the same.</param>
    /// <returns>RGB, [size, size, 3] uint8, row by row.</returns>
    /// <exception cref="ArgumentException">No such class or size.</exception>
    public static byte[] Draw(string className, int seed, int size = DefaultSize)
    {
        var label = Defects.IndexOfKey(className);
        return label >= 0
            ? Draw(label, seed, size)
            : throw new ArgumentException($"There is no class '{className}': choose one of {string.Join(", ", Classes)}.", nameof(className));
    }

    /// <summary>
    /// Writes <c>folder/train/&lt;class&gt;/&lt;nnnn&gt;.jpg</c> and <c>folder/test/&lt;class&gt;/&lt;nnnn&gt;.jpg</c>. No image of one
    /// split is drawn from a seed of the other, and the n-th image of a class is the same however many there are.
    /// </summary>
    /// <param name="folder">Made if it does not exist; files of the same names are replaced, others left alone.</param>
    /// <param name="trainPerClass">Images of each class to train on.</param>
    /// <param name="testPerClass">Images of each class to test on.</param>
    /// <param name="seed">Of the whole set.</param>
    /// <param name="size">Side in pixels, 16 to 1024.</param>
    /// <param name="progress">Told how many images are written, from several threads and not always in order.</param>
    /// <param name="cancellationToken">Stops between two images; every file that exists then is whole.</param>
    /// <exception cref="ArgumentException">A count is negative, both are zero, or the size is out of range.</exception>
    /// <exception cref="DataException">The folder cannot be written to.</exception>
    public static void Write(
        string folder,
        int trainPerClass,
        int testPerClass,
        int seed = DefaultSeed,
        int size = DefaultSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckCounts(trainPerClass, testPerClass);
        CheckSize(size);
        try
        {
            WriteSplit(Path.Combine(folder, "train"), trainPerClass, index => ImageSeed(seed, test: false, index), size, 0, progress, cancellationToken);
            WriteSplit(Path.Combine(folder, "test"), testPerClass, index => ImageSeed(seed, test: true, index), size, trainPerClass * Classes.Count, progress,
                cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot write images to '{folder}': {e.Message} Choose a folder that can be written to and has room.", e);
        }
    }

    /// <summary>Seed of the n-th image of a split. Within a set no two are alike: the mixing is a bijection, train takes the even numbers and test the
    /// odd.</summary>
    internal static int ImageSeed(int seed, bool test, int index) =>
        (int)Rng.Mix(Rng.Mix((uint)seed + 0x51ED270B) + 2u * (uint)index + (test ? 1u : 0u));

    private static void WriteSplit(
        string folder, int perClass, Func<int, int> imageSeed, int size, int before, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (perClass == 0)
        {
            return;
        }

        foreach (var name in Classes)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        var written = before;
        ParallelLoop.Run(perClass * Classes.Count, WriteOne, cancellationToken);

        void WriteOne(int n)
        {
            var (label, index) = (n / perClass, n % perClass);
            var path = Path.Combine(folder, Classes[label], $"{index:D4}.jpg");
            JpegFile.Write(path, Draw(label, imageSeed(index), size), size);
            progress?.Report(Interlocked.Increment(ref written));
        }
    }

    private static void CheckCounts(int trainPerClass, int testPerClass)
    {
        if (trainPerClass < 0 || testPerClass < 0 || trainPerClass + testPerClass == 0)
        {
            throw new ArgumentException(
                $"{trainPerClass} training and {testPerClass} test images per class cannot be made: neither may be negative, and one of them must be at least "
                    + $"1.");
        }
    }

    private static void CheckSize(int size)
    {
        if (size is < SmallestSize or > LargestSize)
        {
            throw new ArgumentOutOfRangeException(nameof(size), $"Size {size} is out of range: choose {SmallestSize} to {LargestSize} pixels.");
        }
    }
}
