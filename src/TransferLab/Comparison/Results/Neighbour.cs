namespace TransferLab.Comparison;

/// <summary>A training example that is like a test example.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Cosine">Cosine between the features of both.</param>
public sealed record Neighbour(string Text, int Label, float Cosine);
