namespace TransferLab.Networks;

/// <summary>Where a tokenizer puts a space before a text that has none, as SentencePiece does so that a first word is like any other.</summary>
internal enum PrefixSpace
{
    /// <summary>Nowhere: byte-level BPE, WordPiece.</summary>
    Never,

    /// <summary>At the beginning of everything alone.</summary>
    First,

    /// <summary>At the beginning, and after every special token.</summary>
    Always,
}
