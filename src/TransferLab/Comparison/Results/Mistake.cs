namespace TransferLab.Comparison;

/// <summary>A test example that the first run got wrong.</summary>
public sealed record Mistake
{
    /// <summary>Index into <see cref="ComparisonResults.Test"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Index of the predicted class.</summary>
    public required int Predicted { get; init; }

    /// <summary>Probability given to it.</summary>
    public required float Score { get; init; }

    /// <summary>A small picture of it as a data URI (<c>data:image/jpeg;base64,...</c>), for images.</summary>
    public string? Thumbnail { get; init; }

    /// <summary>The same picture, dark where the network found no evidence for its answer (Grad-CAM), as a data URI.</summary>
    public string? Focus { get; init; }

    /// <summary>Its text, for texts.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// For texts, which of its words spoke for the predicted class and which for the right one, by gradient times embedding; null where that was not looked at.
    /// </summary>
    public IReadOnlyList<WordEvidence>? Words { get; init; }

    /// <summary>For texts, the training examples that the pretrained backbone takes for most alike, the nearest first.</summary>
    public IReadOnlyList<Neighbour>? Nearest { get; init; }
}
