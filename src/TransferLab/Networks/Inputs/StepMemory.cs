using System.Globalization;

namespace TransferLab.Networks;

/// <summary>About how much memory one batch of images takes in a network: a refusal in one line is better than a process that is killed.</summary>
internal static class StepMemory
{
    /// <summary>
    /// Bytes a pixel of the input in ResNet-18 in float32, summed over its layers: what is alive at once (the stem at half size in 64 channels, three times),
    /// and what a training step keeps for the gradient.
    /// </summary>
    private const double Evaluating = 220, Training = 900;

    /// <summary>Images of a batch that are looked at together, at the most.</summary>
    public const int Batch = 32;

    /// <summary>The estimate in bytes.</summary>
    public static double Estimate(int size, int images, bool trains) => (double)size * size * images * (trains ? Training : Evaluating);

    /// <summary>The largest multiple of 32 at which a batch fits into so many bytes.</summary>
    public static int LargestSize(double bytes, bool trains) => (int)Math.Sqrt(bytes / (Batch * (trains ? Training : Evaluating))) / 32 * 32;

    /// <summary>Refuses a size at which a batch does not fit into this machine's memory.</summary>
    /// <param name="size">Width and height of the images.</param>
    /// <param name="images">Images of the batch.</param>
    /// <param name="trains">Whether it is trained on.</param>
    /// <exception cref="ArgumentException">With the estimate, and the size that fits.</exception>
    public static void Require(int size, int images, bool trains)
    {
        double needed = Estimate(size, images, trains), there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > there)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{images} images of {size} px take about {needed / (1 << 30):0.0} GB {(trains ? "in a training step" : "in the network")}, and this machine "
                    + $"has {there / (1 << 30):0.0} GB; take {LargestSize(there, trains)} px or less."));
        }
    }
}
