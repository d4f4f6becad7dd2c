namespace TransferLab.Networks;

/// <summary>How training images are varied. All of it keeps the label of photographs; <see cref="Flip"/> does not of writing.</summary>
public sealed record Augmentation
{
    /// <summary>The usual variation of photographs when fine-tuning: milder crops than in pretraining.</summary>
    public static Augmentation Standard { get; } = new();

    /// <summary>Smallest share of the centre crop's area that a random crop keeps, in (0, 1].</summary>
    public double MinimumArea { get; init; } = 0.6;

    /// <summary>Largest change of the aspect ratio, as a factor of at least 1.</summary>
    public double AspectRatio { get; init; } = 1.2;

    /// <summary>Whether half of the images are mirrored left to right.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Largest rotation to either side, degrees.</summary>
    public double Rotation { get; init; } = 10;

    /// <summary>Largest relative change of brightness and of contrast.</summary>
    public double Light { get; init; } = 0.2;

    /// <summary>In words, for reports.</summary>
    public string Description => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"random crops of at least {MinimumArea:P0} of the area, {(Flip ? "mirrored" : "not mirrored")}, turned by up to {Rotation:0.#} degrees, light varied by {Light:P0}");
}
