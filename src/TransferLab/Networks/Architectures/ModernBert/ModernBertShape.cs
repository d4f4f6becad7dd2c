namespace TransferLab.Networks.Architectures;

/// <summary>What tells one ModernBERT from another.</summary>
internal sealed record ModernBertShape
{
    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of a token's vector, the feature width.</summary>
    public required int Width { get; init; }

    /// <summary>Attention heads; they share the width evenly.</summary>
    public required int Heads { get; init; }

    /// <summary>Width between the matrices of the feed-forward part.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Longest text, tokens.</summary>
    public int Positions { get; init; } = 8192;

    /// <summary>Every so manieth layer, the first included, sees whole texts.</summary>
    public int GlobalEvery { get; init; } = 3;

    /// <summary>How far off a position may be that the other layers see, on either side.</summary>
    public int Window { get; init; } = 64;

    /// <summary>Base of the rotary frequencies of layers that see whole texts.</summary>
    public double GlobalTheta { get; init; } = 160_000;

    /// <summary>Base of the rotary frequencies of the other layers.</summary>
    public double LocalTheta { get; init; } = 10_000;

    /// <summary>Added to the variance in normalisation.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Of the gated feed-forward part.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>How tokens become one vector.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Whether a layer sees whole texts.</summary>
    internal bool IsGlobal(int layer) => layer % GlobalEvery == 0;

    /// <summary>Names and shapes of its tensors, in the order of the network, made as they are asked for.</summary>
    internal IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        long width = Width, feedForward = FeedForward;
        yield return ("embeddings.tok_embeddings.weight", [Vocabulary, width]);
        yield return ("embeddings.norm.weight", [width]);
        for (int i = 0; i < Layers; i++)
        {
            if (i > 0)
            {
                yield return ($"layers.{i}.attn_norm.weight", [width]);
            }

            yield return ($"layers.{i}.attn.Wqkv.weight", [3 * width, width]);
            yield return ($"layers.{i}.attn.Wo.weight", [width, width]);
            yield return ($"layers.{i}.mlp_norm.weight", [width]);
            yield return ($"layers.{i}.mlp.Wi.weight", [2 * feedForward, width]);
            yield return ($"layers.{i}.mlp.Wo.weight", [width, feedForward]);
        }

        yield return ("final_norm.weight", [width]);
    }
}
