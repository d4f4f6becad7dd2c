namespace TransferLab.Backbones;

/// <summary>A question about the small world, and the passages that it is asked of.</summary>
public sealed record SmallWorldQuestion
{
    /// <summary>Said where the passages do not hold the answer.</summary>
    public const string Refusal = "The passage does not say.";

    /// <summary>The passages, one for each thing that they speak of, or a single one where the things are spoken of in turn.</summary>
    public required IReadOnlyList<string> Passages { get; init; }

    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>The answer: a name, number or phrase of the passages, or <see cref="Refusal"/>.</summary>
    public required string Answer { get; init; }

    /// <summary>The kind of thing that is asked of: person, town, inn, ship or feast.</summary>
    public required string Kind { get; init; }

    /// <summary>Of whom or what is asked, and which of its properties: names the fact.</summary>
    public required string Fact { get; init; }

    /// <summary>Whether the passages hold the answer.</summary>
    public required bool IsAnswerable { get; init; }

    /// <summary>Whether questions of this property are in the training of the model that comes with the package.</summary>
    public required bool IsTrained { get; init; }
}
