namespace TransferLab.Networks.Architectures;

/// <summary>What tells one network of BERT's family from another.</summary>
internal sealed record BertShape
{
    /// <summary>The family under which it was published: <c>bert</c>, <c>distilbert</c>, <c>roberta</c>, <c>xlm-roberta</c>, <c>camembert</c>, <c>electra</c>,
    /// <c>mpnet</c>.</summary>
    public string Type { get; init; } = "bert";

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

    /// <summary>Rows of the table of positions.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>Row of the first position: RoBERTa and MPNet leave those up to padding's free.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Segments; single texts use the first. 0 for networks without.</summary>
    public int TokenTypes { get; init; } = 2;

    /// <summary>Width of the embeddings, which are then projected to <see cref="Width"/> (ELECTRA); null where they have that width.</summary>
    public int? EmbeddingWidth { get; init; }

    /// <summary>Ranges of distances, each with a bias of attention a head (MPNet); null for none.</summary>
    public int? RelativeBuckets { get; init; }

    /// <summary>Added to the variance in normalisation.</summary>
    public double Epsilon { get; init; } = 1e-12;

    /// <summary>Between the two matrices of the feed-forward part.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>How tokens become one vector.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Share of activations that training drops at random; 0.1 as published.</summary>
    public double Dropout { get; init; } = 0.1;

    internal int FeedForward => Intermediate ?? (4 * Width);

    /// <summary>Longest text, tokens.</summary>
    internal int LongestText => Positions - FirstPosition;

    /// <summary>Names and shapes of its tensors, in the order of the network, made as they are asked for.</summary>
    internal IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        long width = Width, feedForward = FeedForward, embedding = EmbeddingWidth ?? Width;
        yield return ("embeddings.word_embeddings.weight", [Vocabulary, embedding]);
        yield return ("embeddings.position_embeddings.weight", [Positions, embedding]);
        if (TokenTypes > 0)
        {
            yield return ("embeddings.token_type_embeddings.weight", [TokenTypes, embedding]);
        }

        yield return ("embeddings.LayerNorm.weight", [embedding]);
        yield return ("embeddings.LayerNorm.bias", [embedding]);
        if (EmbeddingWidth is not null)
        {
            yield return ("embeddings_project.weight", [width, embedding]);
            yield return ("embeddings_project.bias", [width]);
        }

        for (int i = 0; i < Layers; i++)
        {
            foreach ((string part, long[] shape) in Layer(width, feedForward))
            {
                yield return ($"encoder.layer.{i}.{part}", shape);
            }
        }

        if (RelativeBuckets is { } buckets)
        {
            yield return ("encoder.relative_attention_bias.weight", [buckets, Heads]);
        }
    }

    private static IEnumerable<(string Name, long[] Shape)> Layer(long width, long feedForward)
    {
        (string Name, long Outputs, long Inputs)[] matrices =
        [
            ("attention.self.query", width, width), ("attention.self.key", width, width), ("attention.self.value", width, width),
            ("attention.output.dense", width, width), ("intermediate.dense", feedForward, width), ("output.dense", width, feedForward),
        ];
        foreach ((string name, long outputs, long inputs) in matrices)
        {
            yield return (name + ".weight", [outputs, inputs]);
            yield return (name + ".bias", [outputs]);
        }

        foreach (string norm in new[] { "attention.output.LayerNorm", "output.LayerNorm" })
        {
            yield return (norm + ".weight", [width]);
            yield return (norm + ".bias", [width]);
        }
    }
}
