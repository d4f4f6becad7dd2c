namespace TransferLab.Data;

/// <summary>What a full decode found.</summary>
/// <param name="Width">Pixels, after the EXIF orientation.</param>
/// <param name="Height">Pixels, after the EXIF orientation.</param>
/// <param name="Hash">SHA-256 (lower-case hex) of size and RGB pixels: a copy under another name or a lossless re-save has the same.</param>
public readonly record struct ImageInfo(int Width, int Height, string Hash)
{
    /// <summary>The smaller of width and height.</summary>
    public int ShortSide => Math.Min(Width, Height);

    /// <summary>Whether the file held values of 12 bits in 16.</summary>
    internal bool IsTwelveBit { get; init; }
}
