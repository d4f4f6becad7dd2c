namespace TransferLab.Data;

/// <summary>A call that an assistant makes of a function.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its arguments: the text of a JSON object.</param>
/// <param name="Id">What the tool's answer (<see cref="Turn.ToolCallId"/>) refers to; null where none is given.</param>
public sealed record ToolCall(string Name, string Arguments, string? Id = null);
