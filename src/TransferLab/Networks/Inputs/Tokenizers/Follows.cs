namespace TransferLab.Networks;

/// <summary>What a part of a text comes after.</summary>
internal enum Follows
{
    /// <summary>It begins the text.</summary>
    Nothing,

    /// <summary>A special token.</summary>
    SpecialToken,

    /// <summary>Other text.</summary>
    Text,
}
