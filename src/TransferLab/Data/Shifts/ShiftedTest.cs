namespace TransferLab.Data;

/// <summary>A test set that differs from the training data: the same examples damaged in one way, or others from elsewhere.</summary>
public sealed record ShiftedTest
{
    /// <summary>What was done: <c>blur</c>, <c>noise</c>, <c>contrast</c>, <c>typos</c>, <c>case</c>; or the name of the second test set.</summary>
    public required string Name { get; init; }

    /// <summary>How much, 1 for little; 0 for a test set of its own.</summary>
    public required int Severity { get; init; }

    /// <summary>What was done in words and figures.</summary>
    public required string Description { get; init; }

    /// <summary>The examples. Damaged ones are in the order of the test, with its labels.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>Whether they are the test's own examples, damaged, so that both can be compared one by one.</summary>
    public bool IsCopy { get; init; } = true;
}
