using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TransferLab.Data;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>
/// What the baseline without a deep network sees of an image: fixed histograms of edges, colours and textures of a small render, none of them
/// learned. Edges: histograms of oriented gradients (Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005).
/// Textures: local binary patterns (Ojala, Pietikäinen and Mäenpää, "Multiresolution gray-scale and rotation invariant texture classification
/// with local binary patterns", PAMI 2002).
/// </summary>
/// <remarks>
/// Layout of the <see cref="Width"/> values, squares and blocks by rows from the top left:
/// <list type="number">
/// <item>1764 = 7 x 7 blocks x 2 x 2 cells x 9 unsigned orientations: gradients in cells of 8 x 8 pixels, in 0..1.</item>
/// <item>324 = 3 x 3 blocks x 2 x 2 cells x 9: the same in cells of 16 x 16 pixels.</item>
/// <item>64 = 4 x 4 x 4 levels of R, G and B: square roots of the shares of the colours.</item>
/// <item>192 = 8 x 8 squares x R, G, B: mean colours, in 0..1.</item>
/// <item>236 = 2 x 2 squares x 59: square roots of the shares of the local binary patterns, the non-uniform ones together.</item>
/// </list>
/// </remarks>
internal static class ClassicalImageFeatures
{
    /// <summary>Side in pixels of the square that is looked at.</summary>
    public const int Side = 64;

    private const int Chunk = 256, LayoutGrid = 8, TextureGrid = 2;
    private static readonly int[] s_cells = [8, 16];
    private static readonly int s_edges = s_cells.Sum(cell => OrientedGradients.Width(Side, cell));

    /// <summary>Number of values that describe an image.</summary>
    public static int Width { get; } =
        s_edges + ColourAndTexture.Colours + (LayoutGrid * LayoutGrid * 3) + (TextureGrid * TextureGrid * ColourAndTexture.Patterns);

    /// <summary>Describes an image; the same pixels give the same values.</summary>
    /// <param name="rgb">[<see cref="Side"/>, <see cref="Side"/>, 3] bytes, as <see cref="ImageFile.Render"/> draws them.</param>
    /// <param name="features">Receives <see cref="Width"/> values.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void Describe(ReadOnlySpan<byte> rgb, Span<float> features)
    {
        if (rgb.Length != Side * Side * 3 || features.Length != Width)
        {
            throw new ArgumentException($"{Side} x {Side} x 3 bytes are described by {Width} values, not {rgb.Length} by {features.Length}.");
        }

        int layout = s_edges + ColourAndTexture.Colours, texture = layout + (LayoutGrid * LayoutGrid * 3);
        OrientedGradients.Describe(rgb, Side, s_cells, features[..s_edges]);
        ColourAndTexture.DescribeColours(rgb, features[s_edges..layout]);
        ColourAndTexture.DescribeLayout(rgb, Side, LayoutGrid, features[layout..texture]);
        ColourAndTexture.DescribePatterns(rgb, Side, TextureGrid, features[texture..]);
    }

    /// <summary>Reads and describes images, a chunk at a time on all processors, so that no more pictures than processors are in memory.</summary>
    /// <param name="examples">Images.</param>
    /// <param name="clock">Told what reading and describing took; null to leave it.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Stops within a chunk.</param>
    /// <returns>One row an example, in order.</returns>
    /// <exception cref="UnreadableImageException">A file cannot be decoded whole.</exception>
    internal static IEnumerable<float[]> Stream(IReadOnlyList<Example> examples, RunClock? clock, IProgress<double>? progress, CancellationToken cancellation)
    {
        int done = 0;
        (double reading, double describing) = (0, 0);
        foreach (Example[] chunk in examples.Chunk(Chunk))
        {
            float[][] rows = new float[chunk.Length][];
            (double chunkReading, double chunkDescribing) = DescribeAll(chunk, rows, cancellation);
            (reading, describing) = (reading + chunkReading, describing + chunkDescribing);
            done += chunk.Length;
            progress?.Report((double)done / examples.Count);
            foreach (float[] row in rows)
            {
                yield return row;
            }
        }

        clock?.AddFeatures(reading, describing, saved: 0, allFromCache: false);
    }

    /// <returns>Seconds that passed, divided by what the threads were doing.</returns>
    private static (double Reading, double Describing) DescribeAll(Example[] examples, float[][] rows, CancellationToken cancellation)
    {
        long reading = 0, describing = 0, start = Stopwatch.GetTimestamp();
        ParallelOptions options = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.For(0, examples.Length, options, () => new byte[Side * Side * 3], (i, _, rgb) =>
            {
                long began = Stopwatch.GetTimestamp();
                ImageFile.Render(examples[i].Source, Side, ImageView.Centre, rgb);
                long read = Stopwatch.GetTimestamp();
                rows[i] = new float[Width];
                Describe(rgb, rows[i]);
                Interlocked.Add(ref reading, read - began);
                Interlocked.Add(ref describing, Stopwatch.GetTimestamp() - read);
                return rgb;
            }, _ => { });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // The caller asked for images, not for threads.
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double share = (double)reading / Math.Max(1, reading + describing);
        return (seconds * share, seconds * (1 - share));
    }
}
