namespace TransferLab.Networks.Architectures;

/// <summary>The sizes that tell one BERT from another.</summary>
internal sealed record BertShape
{
    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of a token's vector, the feature width.</summary>
    public required int Width { get; init; }

    /// <summary>Attention heads; they share the width evenly.</summary>
    public required int Heads { get; init; }

    /// <summary>Width between the two matrices of the feed-forward part; four times <see cref="Width"/> where not given.</summary>
    public int? Intermediate { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public int Vocabulary { get; init; } = 30_522;

    /// <summary>Longest input, tokens.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>Segments; single texts use the first.</summary>
    public int TokenTypes { get; init; } = 2;

    /// <summary>Share of activations that training drops at random; 0.1 as published. Not part of a description.</summary>
    public double Dropout { get; init; } = 0.1;

    internal int FeedForward => Intermediate ?? (4 * Width);
}
