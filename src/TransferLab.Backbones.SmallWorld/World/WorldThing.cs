namespace TransferLab.Backbones;

/// <summary>A person, town, inn, ship or feast, and what is so of it.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Name">As it stands within a sentence.</param>
/// <param name="IsFemale">Of a person.</param>
internal sealed record WorldThing(string Kind, string Name, bool IsFemale)
{
    /// <summary>What is said of it, in that order.</summary>
    public IReadOnlyList<WorldFact> Facts { get; init; } = [];

    /// <summary>The pronoun that begins a sentence about it.</summary>
    public string Pronoun => Kind != "person" ? "it" : IsFemale ? "she" : "he";

    /// <summary>Its possessive.</summary>
    public string Possessive => Kind != "person" ? "its" : IsFemale ? "her" : "his";
}

/// <summary>What is so of a thing.</summary>
internal sealed record WorldFact(Wording Relation, string Value);
