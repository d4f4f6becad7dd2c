namespace TransferLab.ChatData;

/// <summary>A piece of a page.</summary>
/// <param name="Level">Of a heading, 1 (the largest) to 7; 0 for text.</param>
/// <param name="Text">What it says; an empty heading ends the one before.</param>
internal sealed record PageBlock(int Level, string Text);
