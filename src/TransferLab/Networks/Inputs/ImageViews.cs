using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>Draws the random views of an augmentation.</summary>
internal static class ImageViews
{
    /// <summary>The view of one seed.</summary>
    public static ImageView Draw(Augmentation augmentation, int seed)
    {
        Random random = new(seed);
        double area = Between(random, augmentation.MinimumArea, 1);
        double logAspect = Math.Log(augmentation.AspectRatio);
        return new(
            X: random.NextSingle(),
            Y: random.NextSingle(),
            Scale: (float)Math.Sqrt(area),
            Aspect: (float)Math.Exp(Between(random, -logAspect, logAspect)),
            Flip: augmentation.Flip && random.Next(2) == 1,
            Rotation: (float)Between(random, -augmentation.Rotation, augmentation.Rotation),
            Brightness: (float)Between(random, 1 - augmentation.Light, 1 + augmentation.Light),
            Contrast: (float)Between(random, 1 - augmentation.Light, 1 + augmentation.Light));
    }

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
