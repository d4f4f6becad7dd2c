namespace TransferLab.Networks.Architectures;

/// <summary>The sizes that tell one vision transformer from another.</summary>
internal sealed record VisionTransformerShape
{
    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of a token's vector, the feature width.</summary>
    public required int Width { get; init; }

    /// <summary>Attention heads; they share the width evenly.</summary>
    public required int Heads { get; init; }

    /// <summary>Width between the two matrices of the feed-forward part.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Width and height of a patch, pixels.</summary>
    public required int Patch { get; init; }

    /// <summary>Patches along a side in pretraining: positions of other sizes are interpolated between these.</summary>
    public required int Grid { get; init; }

    /// <summary>Tokens without a position that belong to no patch (Darcet et al. 2023, arXiv:2309.16588).</summary>
    public int Registers { get; init; }

    /// <summary>Whether the class token has a position of its own.</summary>
    public bool ClassPosition { get; init; } = true;

    /// <summary>Whether patches are projected with a bias.</summary>
    public bool PatchBias { get; init; } = true;

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool AttentionBias { get; init; } = true;

    /// <summary>Whether tokens are normalised before the first layer, as in CLIP.</summary>
    public bool InputNorm { get; init; }

    /// <summary>Whether each layer's two updates are scaled by a factor for every value (Touvron et al. 2021, arXiv:2103.17239).</summary>
    public bool LayerScale { get; init; }

    /// <summary>Activation of the feed-forward part.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of normalisation.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Whether positions are smoothed where they are interpolated to fewer patches.</summary>
    public bool SmoothPositions { get; init; }

    internal int Positions => (Grid * Grid) + (ClassPosition ? 1 : 0);
}
