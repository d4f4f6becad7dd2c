using System.Globalization;

namespace TransferLab.Networks;

/// <summary>About how much memory one batch of images takes in a network: a refusal in one line is better than a process that is killed.</summary>
/// <param name="Evaluating">Bytes a pixel of the input that are alive at once where features are taken, in float32.</param>
/// <param name="Training">Bytes a pixel that a training step keeps for the gradient, summed over the layers.</param>
internal sealed record StepMemory(double Evaluating, double Training)
{
    /// <summary>Images of a batch that are looked at together, at the most.</summary>
    public const int Batch = 32;

    /// <summary>
    /// Bytes a value of a layer's output, by measuring (<c>Benchmarks -- step-memory</c>): in float32 a ResNet-18 takes 1.05 of the estimate, a ResNet-50 0.8,
    /// a ViT-B/16 1.2 and a ConvNeXt-tiny 1.5; in bfloat16 half to three quarters of it. It is the convolution's output, the normalised and the activated one
    /// and a gradient where batches are normalised; half of that in transformers, whose products follow each other directly; and three tensors of the widest
    /// layer at once.
    /// </summary>
    private const double NormalizedByBatch = 16.8, Direct = 8.4, AtOnce = 13.75;

    /// <summary>ResNet-18's: the stem at half size in 64 channels, three times; and all that its layers keep.</summary>
    public static StepMemory Usual { get; } = new(220, 900);

    /// <summary>Of a network by what its convolutions and products put out.</summary>
    /// <param name="outputs">Values a pixel of the input, layer by layer: 64 channels at half of the width and height are 16.</param>
    /// <param name="normalizesByBatch">Whether batch normalisation and an activation of their own follow the layers.</param>
    public static StepMemory Of(IReadOnlyCollection<double> outputs, bool normalizesByBatch) =>
        new(AtOnce * outputs.Max(), (normalizesByBatch ? NormalizedByBatch : Direct) * outputs.Sum());

    /// <summary>The estimate in bytes.</summary>
    public double Estimate(int size, int images, bool trains) => (double)size * size * images * (trains ? Training : Evaluating);

    /// <summary>The largest multiple of 32 at which a batch fits into so many bytes.</summary>
    public int LargestSize(double bytes, bool trains) => (int)Math.Sqrt(bytes / (Batch * (trains ? Training : Evaluating))) / 32 * 32;

    /// <summary>Refuses a size at which a batch does not fit into this machine's memory.</summary>
    /// <param name="size">Width and height of the images.</param>
    /// <param name="images">Images of the batch.</param>
    /// <param name="trains">Whether it is trained on.</param>
    /// <exception cref="ArgumentException">With the estimate, and the size that fits.</exception>
    public void Require(int size, int images, bool trains)
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
