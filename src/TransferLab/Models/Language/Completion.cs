namespace TransferLab.Models;

/// <summary>What a language model wrote.</summary>
public sealed record Completion
{
    /// <summary>The text, without what ended it.</summary>
    public required string Text { get; init; }

    /// <summary>Ids of the new tokens, the one that ended it included.</summary>
    public required IReadOnlyList<long> Ids { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Why it ended.</summary>
    public required CompletionEnd End { get; init; }
}
