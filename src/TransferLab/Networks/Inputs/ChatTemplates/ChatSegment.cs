namespace TransferLab.Networks;

/// <summary>A piece of a conversation as a template writes it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, or the special token's name.</param>
/// <param name="Trained">Whether a model learns to write it.</param>
public readonly record struct ChatSegment(ChatSegmentKind Kind, string Text, bool Trained = false);
