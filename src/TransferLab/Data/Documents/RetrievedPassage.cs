namespace TransferLab.Data;

/// <summary>A passage that was found for a question.</summary>
/// <param name="Passage">What was found.</param>
/// <param name="Score">How well it fits by the retriever's own measure: higher is better, and comparable within one retriever alone.</param>
public sealed record RetrievedPassage(Passage Passage, double Score);
