namespace TransferLab.SurfaceDefects;

/// <summary>
/// Every knob that makes the task easier or harder, in one place. Lengths are in 1/96 of the image's side, strengths relative
/// to the defaults of each defect. Any change changes the pixels: draw <c>datasets/surface-defects</c> anew afterwards.
/// </summary>
internal static class Difficulty
{
    /// <summary>Share of images whose defect is faint, and how strong a defect is in either case.</summary>
    public const float FaintRate = 0.3f;
    public static readonly (float, float) FaintStrength = (0.55f, 0.8f);
    public static readonly (float, float) PlainStrength = (0.9f, 1.5f);

    /// <summary>Share of images whose defect is small, and how large a defect is in either case.</summary>
    public const float SmallRate = 0.3f;
    public static readonly (float, float) SmallScale = (0.6f, 0.8f);
    public static readonly (float, float) PlainScale = (0.95f, 1.5f);

    /// <summary>How close to the border of the image the middle of a defect may lie.</summary>
    public const float BorderMargin = 22f;

    /// <summary>How often each distractor appears, whatever the class.</summary>
    public const float HazeRate = 0.35f;
    public const float MarksRate = 0.3f;
    public const float HairRate = 0.18f;
    public const float RingRate = 0.15f;
    public const float SpecksRate = 0.35f;
    public const float ShadowRate = 0.2f;
    public const float UnevennessRate = 0.3f;

    /// <summary>Clean images have no defect to be told by, so they carry more distractors: rates are multiplied by this.</summary>
    public const float CleanFactor = 1.6f;

    /// <summary>How strong distractors are.</summary>
    public static readonly (float, float) DistractorStrength = (0.25f, 0.7f);

    /// <summary>Slope of the base texture.</summary>
    public static readonly (float, float) TextureRelief = (0.02f, 0.08f);

    /// <summary>Direction of the light, in radians from straight above the image: never beyond the upper half, so that a mirrored image keeps its
    /// label.</summary>
    public const float LightSpread = 1.1f;

    /// <summary>Height of the light over the surface, in radians: the lower, the deeper the shading.</summary>
    public static readonly (float, float) LightElevation = (0.45f, 0.85f);

    /// <summary>Brightness of bare metal, of 1.</summary>
    public static readonly (float, float) Exposure = (0.4f, 0.68f);

    /// <summary>Loss of light across the image, and towards its corners.</summary>
    public static readonly (float, float) Falloff = (0f, 0.35f);
    public static readonly (float, float) Vignette = (0f, 0.3f);

    /// <summary>Standard deviation of the blur, and of the sensor's noise relative to full scale.</summary>
    public static readonly (float, float) Blur = (0.25f, 0.75f);
    public static readonly (float, float) SensorNoise = (0.003f, 0.014f);

    /// <summary>Largest deviation of the white balance.</summary>
    public const float ColourCast = 0.05f;
}
