namespace TransferLab.Networks;

/// <summary>What a <see cref="ChatSegment"/> is.</summary>
public enum ChatSegmentKind
{
    /// <summary>Plain text, whatever it looks like.</summary>
    Text,

    /// <summary>A special token of the vocabulary, by name.</summary>
    Marker,

    /// <summary>A special token where the vocabulary has it, and plain text where it does not.</summary>
    Tag,
}
