namespace TransferLab.Retrieval;

/// <summary>A piece of a document as it is read.</summary>
/// <param name="Level">Of a heading, 1 (the largest) to 7; 0 for a paragraph.</param>
/// <param name="Text">What it says, without outer white space; an empty heading ends those of its level.</param>
internal readonly record struct DocumentBlock(int Level, string Text)
{
    /// <summary>Where in the document, as a person would look it up: a page, a line; empty where the document has no such places.</summary>
    public string Place { get; init; } = "";

    /// <summary>Whether it stands for itself and is not joined with its neighbours: a row of a table.</summary>
    public bool IsWhole { get; init; }
}
