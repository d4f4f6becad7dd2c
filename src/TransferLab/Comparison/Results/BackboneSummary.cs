namespace TransferLab.Comparison;

/// <summary>The pretrained network of the comparison.</summary>
public sealed record BackboneSummary
{
    /// <summary>Name, as <c>--backbone</c> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>Architecture in a few words.</summary>
    public required string Architecture { get; init; }

    /// <summary>Where the weights come from.</summary>
    public required string Origin { get; init; }

    /// <summary>What it was trained on.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>Licence of the weights.</summary>
    public required string Licence { get; init; }

    /// <summary>What was assumed because its files do not say it; empty where nothing was.</summary>
    public string Assumed { get; init; } = "";

    /// <summary>SHA-256 of the weights' file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Parameters without the head.</summary>
    public required long Parameters { get; init; }

    /// <summary>Width of the feature vector.</summary>
    public required int FeatureWidth { get; init; }

    /// <summary>Preprocessing in words, for example "short side to 96 px, centre crop, minus mean image".</summary>
    public required string Preprocessing { get; init; }
}
