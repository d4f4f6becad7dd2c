namespace TransferLab.Networks;

/// <summary>Chooses the size that an ImageNet network sees.</summary>
public static class ImageSizes
{
    /// <summary>The widest images that any network here is given, pixels.</summary>
    public const int Most = 4096;

    private const int Unit = 32;
    private const int Largest = 224;
    private const int Enlarged = 128;
    private const int Small = 64;

    /// <summary>
    /// A multiple of 32 near the images' own size and at most 224, the size of pretraining. Images below 64 px are enlarged to 128: the
    /// network halves five times, and would leave a map of one or two cells.
    /// </summary>
    /// <param name="medianShortSide">Median of the shorter sides, pixels.</param>
    public static int Choose(int medianShortSide) => medianShortSide < Small
        ? Enlarged
        : Math.Min(Largest, Unit * (int)Math.Round((double)medianShortSide / Unit, MidpointRounding.AwayFromZero));

    /// <summary>Refuses a size that a network halving five times cannot see, or at which even one batch in evaluation does not fit into this machine's
    /// memory.</summary>
    /// <param name="size">Width and height, pixels.</param>
    /// <exception cref="ArgumentException">In one line: what is allowed, or the estimate and the size that fits.</exception>
    public static void Check(int size)
    {
        if (size is < Unit or > Most || size % Unit != 0)
        {
            throw new ArgumentException($"The network halves images five times: their size is a multiple of {Unit} from {Unit} to {Most} px, not {size}.");
        }

        StepMemory.Usual.Require(size, StepMemory.Batch, trains: false);
    }
}
