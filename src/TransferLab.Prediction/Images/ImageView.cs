namespace TransferLab.Data;

/// <summary>Which part of a picture is seen, and how: the whole of an augmentation, applied in one resampling step.</summary>
/// <param name="X">Where the crop lies across: 0 touches the left edge, 1 the right one, 0.5 is the middle.</param>
/// <param name="Y">Where the crop lies down: 0 touches the upper edge, 1 the lower one.</param>
/// <param name="Scale">Side of the crop as a share of the picture's short side, or of either side where it is squashed; above 1 the surroundings are the
/// picture reflected.</param>
/// <param name="Aspect">Width of the crop over its height; the area stays that of the square.</param>
/// <param name="Flip">Left and right exchanged.</param>
/// <param name="Rotation">Degrees by which the content turns clockwise about the crop's middle; what comes in from outside is reflected.</param>
/// <param name="Brightness">Factor on every value; 1 leaves them.</param>
/// <param name="Contrast">Factor on the distance from the view's mean; 1 leaves them.</param>
public readonly record struct ImageView(
    float X, float Y, float Scale = 1, float Aspect = 1, bool Flip = false, float Rotation = 0, float Brightness = 1, float Contrast = 1)
{
    /// <summary>Short side resized to the output's, the middle cropped: what evaluation sees.</summary>
    public static ImageView Centre { get; } = new(0.5f, 0.5f);

    /// <summary>How the crop is resized.</summary>
    public ImageFilter Filter { get; init; }

    /// <summary>How a picture that is not square becomes one.</summary>
    public ImageFit Fit { get; init; }

    /// <exception cref="ArgumentException">A value is outside its range; a <c>default</c> view is.</exception>
    internal void Validate()
    {
        if (!(X is >= 0 and <= 1) || !(Y is >= 0 and <= 1))
        {
            throw new ArgumentException($"An image view's X and Y are within 0..1, not {X} and {Y}.");
        }

        if (!(Scale is > 0 and <= 16) || !(Aspect is >= 1 / 16f and <= 16))
        {
            throw new ArgumentException(
                $"An image view's scale is within 0..16 and its aspect within 1/16..16, not {Scale} and {Aspect}; start from ImageView.Centre.");
        }

        if (!float.IsFinite(Rotation) || !(Brightness is >= 0 and <= 16) || !(Contrast is >= 0 and <= 16))
        {
            throw new ArgumentException(
                $"An image view's rotation is finite, its brightness and contrast within 0..16, not {Rotation}, {Brightness} and {Contrast}.");
        }
    }

    /// <summary>Width and height of the crop in pixels of a picture.</summary>
    internal (double Width, double Height) Crop(int width, int height)
    {
        double side = Scale * Math.Min(width, height); // A product of floats, as ever: another rounding would draw other pixels.
        double root = Math.Sqrt(Aspect);
        (double across, double down) = Fit == ImageFit.Squash ? (Scale * width, Scale * height) : (side, side);
        return (across * root, down / root);
    }
}
