namespace TransferLab.Networks;

/// <summary>The ids of a vocabulary's special tokens; null where it has none.</summary>
public sealed record SpecialTokens
{
    /// <summary>Begins a text.</summary>
    public long? Bos { get; init; }

    /// <summary>Ends a text.</summary>
    public long? Eos { get; init; }

    /// <summary>Fills up a batch. Often the same id as <see cref="Eos"/>: padding is told by its mask, never by its id.</summary>
    public long? Pad { get; init; }

    /// <summary>Stands for what the vocabulary cannot write.</summary>
    public long? Unk { get; init; }

    /// <summary>BERT's first token, whose state stands for the text.</summary>
    public long? Cls { get; init; }

    /// <summary>BERT's separator, at each text's end.</summary>
    public long? Sep { get; init; }

    /// <summary>Stands for a hidden token.</summary>
    public long? Mask { get; init; }
}
