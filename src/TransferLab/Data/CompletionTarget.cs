namespace TransferLab.Data;

/// <summary>
/// The tokens of a text, and which of them a language model is to predict. A text is input and target at once: every token is predicted from those before it.
/// </summary>
/// <param name="Ids">Token ids of the whole text.</param>
/// <param name="Trained">For each id whether it is to be predicted; the first never is, as nothing stands before it.</param>
public sealed record CompletionTarget(IReadOnlyList<long> Ids, IReadOnlyList<bool> Trained) : Target
{
    /// <summary>How many tokens are to be predicted.</summary>
    public int TrainedCount { get; } = Trained.Skip(1).Count(trained => trained);

    /// <inheritdoc/>
    public bool Equals(CompletionTarget? other) => other is not null && Ids.SequenceEqual(other.Ids) && Trained.SequenceEqual(other.Trained);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ids.Count, TrainedCount);
}
