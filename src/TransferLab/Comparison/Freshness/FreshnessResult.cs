namespace TransferLab.Comparison;

/// <summary>How ways of answering do after facts have changed: as they were prepared, and mended. Of the first seed.</summary>
public sealed record FreshnessResult
{
    /// <summary>The test questions whose answer changed.</summary>
    public required IReadOnlyList<FreshQuestion> Questions { get; init; }

    /// <summary>Every way that can be used, as it was prepared and in each way to mend it.</summary>
    public required IReadOnlyList<FreshRow> Rows { get; init; }

    /// <summary>
    /// What adaptations say whose weights know the old answer when they are shown the new one; empty where nothing was tuned, or there are no documents.
    /// </summary>
    public IReadOnlyList<FreshConflict> Conflicts { get; init; } = [];

    /// <summary>What a person should know of the changes; one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A test question whose answer changed.</summary>
/// <param name="Item">Its place in <see cref="QuestionSummary.Items"/>.</param>
/// <param name="Old">What was right before, any of it.</param>
/// <param name="New">What is right now, any of it; empty where nobody says.</param>
public sealed record FreshQuestion(int Item, IReadOnlyList<string> Old, IReadOnlyList<string> New);

/// <summary>One way after the change.</summary>
public sealed record FreshRow
{
    /// <summary>The way.</summary>
    public required string Way { get; init; }

    /// <summary>What was done to it.</summary>
    public required Mending Mending { get; init; }

    /// <summary>Seconds until it could be asked: indexing and tuning.</summary>
    public required double Seconds { get; init; }

    /// <summary>Share of changed questions whose answer holds the new one, with its interval; null where nobody says what it is.</summary>
    public Estimate? New { get; init; }

    /// <summary>Share of changed questions whose answer holds the old one, and not the new one.</summary>
    public required Estimate Old { get; init; }

    /// <summary>Share of changed questions whose answer is the new one and nothing else; null where nobody says what it is.</summary>
    public double? NewExact { get; init; }

    /// <summary>Share of changed questions whose answer is the old one and nothing else.</summary>
    public required double OldExact { get; init; }

    /// <summary>The first metric on the other test questions; null where all have changed.</summary>
    public Estimate? Unchanged { get; init; }

    /// <summary>How much that is more than before the change, paired: what mending spoiled is below zero. Null for a way that was not mended.</summary>
    public Estimate? Kept { get; init; }

    /// <summary>What was answered to the changed questions.</summary>
    public required IReadOnlyList<string> Answers { get; init; }
}

/// <summary>What is said where the weights know the old answer and the passage that is shown holds the new one.</summary>
/// <param name="Adaptation">How the model was tuned, before the change.</param>
/// <param name="Questions">Changed questions to which it gives the old answer without a passage, and whose right passage holds the new one.</param>
/// <param name="New">Of these, answered with the passage's new answer.</param>
/// <param name="Old">Of these, answered with the old one nevertheless; the rest is neither.</param>
public sealed record FreshConflict(string Adaptation, int Questions, int New, int Old);
