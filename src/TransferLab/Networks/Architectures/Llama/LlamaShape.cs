namespace TransferLab.Networks.Architectures;

/// <summary>What tells one network of the Llama family from another: SmolLM2, Llama 2 and 3, TinyLlama, Mistral, Qwen 2 and 3.</summary>
internal sealed record LlamaShape
{
    /// <summary>Its type in <c>config.json</c> and GGUF: llama, mistral, qwen2 or qwen3.</summary>
    public string Type { get; init; } = "llama";

    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of a token's vector.</summary>
    public required int Width { get; init; }

    /// <summary>Heads of queries.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values (Ainslie et al. 2023, arXiv:2305.13245); the heads of queries share them evenly.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width between the matrices of the feed-forward part.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Longest text, tokens.</summary>
    public required int Positions { get; init; }

    /// <summary>Added to the mean square in normalisation.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Base of the rotary frequencies.</summary>
    public double Theta { get; init; } = 10_000;

    /// <summary>How the rotary frequencies are stretched; null where they are not.</summary>
    public RotaryScaling? Scaling { get; init; }

    /// <summary>What each rotary frequency is divided by, [head width / 2], where a file says that and not how it was computed.</summary>
    public IReadOnlyList<double>? FrequencyFactors { get; init; }

    /// <summary>Whether queries, keys and values have biases (Qwen 2).</summary>
    public bool Biases { get; init; }

    /// <summary>Whether queries and keys are normalised head by head (Qwen 3).</summary>
    public bool QueryKeyNorms { get; init; }

    /// <summary>How many positions a position sees at most, itself included; null for no limit (Mistral 0.1 has 4,096).</summary>
    public int? Window { get; init; }

    /// <summary>Whether the output layer is the embedding.</summary>
    public bool Tied { get; init; }

    /// <summary>All parameters.</summary>
    internal long Parameters
    {
        get
        {
            long queries = (long)Heads * HeadWidth, keys = (long)KeyValueHeads * HeadWidth;
            long layer = (Width * ((2 * queries) + (2 * keys))) + (3L * Width * FeedForward) + (2 * Width) + (Biases ? queries + (2 * keys) : 0)
                + (QueryKeyNorms ? 2 * HeadWidth : 0);
            return (Layers * layer) + ((Tied ? 1L : 2L) * Vocabulary * Width) + Width;
        }
    }
}
