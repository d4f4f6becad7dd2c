namespace TransferLab.Networks.Architectures;

/// <summary>How a family's images are usually prepared, where the files do not say it: pixels from 0 to 255, red first.</summary>
/// <param name="Size">Width and height, pixels.</param>
/// <param name="Mean">What is subtracted from each channel.</param>
/// <param name="Deviation">What each channel is then divided by.</param>
/// <param name="Name">In words, for people.</param>
internal sealed record ImageSettings(int Size, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation, string Name)
{
    private const float Full = 255;

    /// <summary>Means and deviations of ImageNet, as torchvision's and timm's models are trained.</summary>
    public static ImageSettings ImageNet { get; } = new(224, [0.485f * Full, 0.456f * Full, 0.406f * Full], [0.229f * Full, 0.224f * Full, 0.225f * Full],
        "mean and deviation of ImageNet, the usual of torchvision");

    /// <summary>Values from -1 to 1, as Keras and Google's transformers have them.</summary>
    public static ImageSettings Centred { get; } = new(224, [127.5f, 127.5f, 127.5f], [127.5f, 127.5f, 127.5f], "x / 127.5 - 1, the usual of Keras");

    /// <summary>As EfficientNet-Lite was trained.</summary>
    public static ImageSettings Lite { get; } = new(224, [127, 127, 127], [128, 128, 128], "(x - 127) / 128, the usual of EfficientNet-Lite");

    /// <summary>Means and deviations of CLIP's images.</summary>
    public static ImageSettings Clip { get; } = new(
        224,
        [0.48145466f * Full, 0.4578275f * Full, 0.40821073f * Full],
        [0.26862954f * Full, 0.26130258f * Full, 0.27577711f * Full],
        "mean and deviation of CLIP");
}
