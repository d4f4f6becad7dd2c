namespace TransferLab.Data;

/// <summary>One message of a <see cref="Conversation"/>.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">The plain text, as written; empty where an assistant only calls tools.</param>
public sealed record Turn(Role Role, string Content)
{
    /// <summary>Of an assistant's turn, whether it is trained: 1 it is, 0 it is only read. Other roles are never trained.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The speaker's name, where given; of a tool's answer, the tool's.</summary>
    public string? Name { get; init; }

    /// <summary>The calls that an assistant makes here.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a tool's answer, the <see cref="ToolCall.Id"/> of the call it answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>An assistant's turn of weight 1: a model learns to write it.</summary>
    public bool IsTrained => Role == Role.Assistant && Weight == 1;
}
