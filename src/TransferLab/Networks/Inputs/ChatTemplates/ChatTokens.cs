namespace TransferLab.Networks;

/// <summary>A conversation as token ids, and which of them a model learns to write.</summary>
public sealed record ChatTokens
{
    /// <summary>The label of what is not trained.</summary>
    public const long Untrained = -100;

    /// <summary>The token ids.</summary>
    public required long[] Ids { get; init; }

    /// <summary>For each id, whether it is trained: contents of assistants' turns of weight 1, and the token that ends them.</summary>
    public required bool[] Trained { get; init; }

    /// <summary>
    /// Whether a trained content begins with white space behind text. Such a content is split apart from what stands before it, so that the prompt is
    /// a prefix of the whole; a program that splits the whole text at once gets other ids there.
    /// </summary>
    public bool SplitApart { get; init; }

    /// <summary>How many ids are trained.</summary>
    public int TrainedCount => Trained.Count(trained => trained);

    /// <summary>The ids where they are trained, and <see cref="Untrained"/> elsewhere; not shifted: position i holds the label of id i.</summary>
    public long[] Labels() => [.. Ids.Zip(Trained, (id, trained) => trained ? id : Untrained)];
}
