namespace TransferLab.Data;

/// <summary>One row of a text file.</summary>
/// <param name="Number">Its number; the first row of data is row 1, a header is row 0.</param>
/// <param name="Text">The text as it stands in the file; empty where there is none.</param>
/// <param name="Label">The class without outer white space; empty where there is none.</param>
internal readonly record struct TextRow(int Number, string Text, string Label);
