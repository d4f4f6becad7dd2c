namespace TransferLab.Networks;

/// <summary>Where a backbone comes from: what a person must know before relying on it.</summary>
[Runtime.TypeFormatterSource(typeof(Runtime.NotebookFormatters))]
public sealed record BackboneCard
{
    /// <summary>Name, as <c>--backbone</c> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>Architecture in a few words.</summary>
    public string Architecture { get; init; } = "user's own network";

    /// <summary>Where the weights come from.</summary>
    public string Origin { get; init; } = "user's program";

    /// <summary>What it was trained on.</summary>
    public string TrainedOn { get; init; } = "not stated";

    /// <summary>Licence of the weights.</summary>
    public string Licence { get; init; } = "not stated";

    /// <summary>What was assumed because its files do not say it, such as how images are normalised; empty where nothing was.</summary>
    public string Assumed { get; init; } = "";

    /// <summary>Tensors of its files that are no part of it, such as the head that it was published with; empty where there are none.</summary>
    public string LeftOut { get; init; } = "";

    /// <summary>SHA-256 (lower-case hex) of the weights' file; empty where there is none.</summary>
    public string Sha256 { get; init; } = "";
}
