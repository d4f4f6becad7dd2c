namespace TransferLab.Data;

/// <summary>One row of chat data: turns from the first to the last.</summary>
/// <param name="Turns">The messages, in order.</param>
public sealed record Conversation(IReadOnlyList<Turn> Turns)
{
    /// <summary>The functions that may be called: the text of a JSON array; null where there are none.</summary>
    public string? Tools { get; init; }

    /// <summary>Whether several functions may be called at once; null where nothing is said.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The line of the file on which the row begins, from 1; 0 where it comes from no file.</summary>
    public int Line { get; init; }
}
