namespace TransferLab.Data;

/// <summary>What a trained model is asked about.</summary>
/// <param name="Examples">The images or texts; their label is 0, which means nothing.</param>
/// <param name="Warnings">What is left out, counted and named, a sentence each.</param>
public sealed record UnlabeledData(IReadOnlyList<Example> Examples, IReadOnlyList<string> Warnings);
