namespace TransferLab.Networks;

/// <summary>Chooses the size that an ImageNet network sees.</summary>
public static class ImageSizes
{
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
}
