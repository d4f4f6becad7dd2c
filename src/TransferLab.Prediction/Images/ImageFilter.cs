namespace TransferLab.Data;

/// <summary>How pictures are resampled: both filters are as wide as the step where a picture shrinks, so that nothing is passed over.</summary>
public enum ImageFilter
{
    /// <summary>A triangle: bilinear.</summary>
    Triangle,

    /// <summary>Bicubic with a = -0.5, as Pillow resizes (Keys 1981). Views that are turned use the triangle.</summary>
    Cubic,
}
