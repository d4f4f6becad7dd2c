namespace TransferLab.Networks;

/// <summary>What a piece is, numbered as in the file; GGUF numbers its tokens alike.</summary>
internal enum SentencePieceKind
{
    /// <summary>A GGUF file's token without a kind.</summary>
    Undefined = 0,

    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>Stands for what the vocabulary cannot write.</summary>
    Unknown = 2,

    /// <summary>A mark, not text.</summary>
    Control = 3,

    /// <summary>Text that is never split.</summary>
    UserDefined = 4,

    /// <summary>Not in use.</summary>
    Unused = 5,

    /// <summary>One byte.</summary>
    Byte = 6,
}
