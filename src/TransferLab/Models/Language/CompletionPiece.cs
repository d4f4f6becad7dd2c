namespace TransferLab.Models;

/// <summary>A part of an answer as it is written.</summary>
/// <param name="Text">New text; empty in the last piece.</param>
/// <param name="Completion">The whole answer, in the last piece alone.</param>
public readonly record struct CompletionPiece(string Text, Completion? Completion);
