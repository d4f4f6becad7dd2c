namespace TransferLab.Backbones;

/// <summary>A thing that can be said and asked of one kind of things: a template holds <c>{s}</c> for whom, <c>{v}</c> for what, <c>{a v}</c> with its
/// article.</summary>
internal sealed record Wording
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The noun that it is asked by.</summary>
    public required string Noun { get; init; }

    /// <summary>The kind of its values.</summary>
    public required string Value { get; init; }

    /// <summary>Whether questions about it are ever trained.</summary>
    public bool Asked { get; init; } = true;

    /// <summary>Sentences that train.</summary>
    public required IReadOnlyList<string> Say { get; init; }

    /// <summary>Sentences that are never trained.</summary>
    public required IReadOnlyList<string> SayHeld { get; init; }

    /// <summary>Questions that train.</summary>
    public required IReadOnlyList<string> Ask { get; init; }

    /// <summary>Questions that are never trained.</summary>
    public required IReadOnlyList<string> AskHeld { get; init; }
}
