namespace TransferLab.Comparison;

/// <summary>What a word of a text spoke for.</summary>
/// <param name="Text">The word, with the white space around it: all of a text's together are the text.</param>
/// <param name="Weight">
/// From 1, for the class that was predicted, to -1, for the right one; the strongest word of a text has 1 or -1. Null where the network did not read it.
/// </param>
public sealed record WordEvidence(string Text, float? Weight);
