namespace TransferLab.Networks;

/// <summary>How training images are varied. All of it keeps the label of photographs; <see cref="Flip"/> does not of writing.</summary>
public sealed record Augmentation
{
    private readonly double _minimumArea = 0.6, _aspectRatio = 1.2, _rotation = 10, _light = 0.2;

    /// <summary>The usual variation of photographs when fine-tuning: milder crops than in pretraining.</summary>
    public static Augmentation Standard { get; } = new();

    /// <summary>Smallest share of the centre crop's area that a random crop keeps, in (0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0 and at most 1.</exception>
    public double MinimumArea
    {
        get => _minimumArea;
        init => _minimumArea = value is > 0 and <= 1 ? value : throw Refused(nameof(MinimumArea), "above 0 and at most 1", value);
    }

    /// <summary>Largest change of the aspect ratio, as a factor of at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 16.</exception>
    public double AspectRatio
    {
        get => _aspectRatio;
        init => _aspectRatio = value is >= 1 and <= 16 ? value : throw Refused(nameof(AspectRatio), "1 to 16", value);
    }

    /// <summary>Whether half of the images are mirrored left to right.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Largest rotation to either side, degrees.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 180 degrees.</exception>
    public double Rotation
    {
        get => _rotation;
        init => _rotation = value is >= 0 and <= 180 ? value : throw Refused(nameof(Rotation), "0 to 180 degrees", value);
    }

    /// <summary>Largest relative change of brightness and of contrast.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to below 1.</exception>
    public double Light
    {
        get => _light;
        init => _light = value is >= 0 and < 1 ? value : throw Refused(nameof(Light), "0 to below 1", value);
    }

    /// <summary>In words, for reports.</summary>
    public string Description => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"random crops of at least {MinimumArea:P0} of the area, {(Flip ? "mirrored" : "not mirrored")}, turned by up to {Rotation:0.#} degrees, light varied "
            + $"by {Light:P0}");

    private static ArgumentOutOfRangeException Refused(string name, string allowed, double value) =>
        new(name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {allowed}, not {value}."));
}
