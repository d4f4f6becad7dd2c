namespace TransferLab.Data;

/// <summary>Where an image's pixels come from, and who resizes them. Safe to use from several threads.</summary>
internal abstract class PixelReader
{
    /// <summary>The library's own: files, decoded and resized by <see cref="ImageFile"/>.</summary>
    public static PixelReader Files { get; } = new FilePixels();

    /// <summary>Names it where it is not the library's own: two readers with the same key give the same pixels. Part of the feature cache's key.</summary>
    public abstract string Key { get; }

    /// <summary>Draws a view of an image.</summary>
    /// <param name="source">The example's source.</param>
    /// <param name="size">Side of the output in pixels.</param>
    /// <param name="view">Which part is seen, and how.</param>
    /// <param name="rgb">Receives <c>[size, size, 3]</c> bytes, red first.</param>
    public abstract void Render(string source, int size, ImageView view, Span<byte> rgb);

    private sealed class FilePixels : PixelReader
    {
        public override string Key => "";

        public override void Render(string source, int size, ImageView view, Span<byte> rgb) => ImageFile.Render(source, size, view, rgb);
    }
}
