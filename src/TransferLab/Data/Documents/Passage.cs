namespace TransferLab.Data;

/// <summary>A piece of a document that is short enough to stand in a prompt.</summary>
/// <param name="Id">What names it within its collection, the same each time that the documents are read.</param>
/// <param name="Source">The document that it comes from, as a person would look it up: a file, or a file and a row.</param>
/// <param name="Text">What it says.</param>
public sealed record Passage(string Id, string Source, string Text);
