namespace TransferLab.Data;

/// <summary>A file is not a picture that can be decoded whole: empty, cut off, damaged, too large, or something else under an image's name.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">Why, in a few words: <c>truncated after 61 %</c>.</param>
/// <param name="inner">What the system said, if it said anything.</param>
public sealed class UnreadableImageException(string path, string reason, Exception? inner = null)
    : DataException($"{path}: {reason}", inner)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The reason alone, for lists that name the file in their own way.</summary>
    public string Reason { get; } = reason;
}
