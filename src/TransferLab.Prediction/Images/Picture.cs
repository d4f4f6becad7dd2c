using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace TransferLab.Data;

/// <summary>Decoded pixels, <c>[height, width, RGBA]</c> bytes, in a rented buffer.</summary>
internal sealed class Picture : IDisposable
{
    // Larger buffers are left to the garbage collector: the pool would keep them.
    private const int MaxRented = 1 << 26;
    private byte[] buffer;

    private Picture(int width, int height, double scale, byte[] buffer) => (Width, Height, Scale, this.buffer) = (width, height, scale, buffer);

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Pixels here for one of the file; a size rounded up says it less exactly.</summary>
    public double Scale { get; }

    /// <summary>
    /// Where the file's first column begins here, in pixels: a decoder that halves rounds sizes up at the far end, which turning may bring to the near one.
    /// </summary>
    public double Left { get; private set; }

    /// <summary>Where its first row begins.</summary>
    public double Top { get; private set; }

    public Span<byte> Rgba => buffer.AsSpan(0, Width * Height * 4);

    public static Picture Rent(int width, int height, double scale) => new(width, height, scale, RentBuffer(width * height * 4));

    public unsafe T WithPointer<T>(Func<IntPtr, T> use)
    {
        fixed (byte* pointer = buffer)
        {
            return use((IntPtr)pointer);
        }
    }

    /// <summary>The largest value of any colour.</summary>
    public byte Brightest()
    {
        byte most = 0;
        ReadOnlySpan<byte> rgba = Rgba;
        for (int i = 0; i < rgba.Length; i += 4)
        {
            most = Math.Max(most, Math.Max(rgba[i], Math.Max(rgba[i + 1], rgba[i + 2])));
        }

        return most;
    }

    public void LayOnWhite()
    {
        var rgba = Rgba;
        for (int i = 0; i < rgba.Length; i += 4)
        {
            int rest = 255 - rgba[i + 3];
            if (rest > 0)
            {
                rgba[i] = (byte)Math.Min(255, rgba[i] + rest);
                rgba[i + 1] = (byte)Math.Min(255, rgba[i + 1] + rest);
                rgba[i + 2] = (byte)Math.Min(255, rgba[i + 2] + rest);
                rgba[i + 3] = 255;
            }
        }
    }

    /// <summary>Turns and mirrors the pixels so that the picture stands upright; returns this picture.</summary>
    /// <param name="origin">Where the first pixel of the file belongs.</param>
    /// <param name="fullWidth">Width in the file, before turning.</param>
    /// <param name="fullHeight">Its height.</param>
    public Picture Orient(SKEncodedOrigin origin, int fullWidth, int fullHeight)
    {
        if (origin is SKEncodedOrigin.TopLeft or < SKEncodedOrigin.TopLeft or > SKEncodedOrigin.LeftBottom)
        {
            return this;
        }

        bool turned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = turned ? (Height, Width) : (Width, Height);
        double beyondX = Width - (fullWidth * Scale), beyondY = Height - (fullHeight * Scale);
        byte[] upright = RentBuffer(Width * Height * 4);
        var source = MemoryMarshal.Cast<byte, uint>(Rgba);
        var target = MemoryMarshal.Cast<byte, uint>(upright.AsSpan(0, Width * Height * 4));
        bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                var (column, row) = turned ? (y, x) : (x, y);
                column = fromRight ? Width - 1 - column : column;
                row = fromBottom ? Height - 1 - row : row;
                target[(y * width) + x] = source[(row * Width) + column];
            }
        }

        (double across, double down) = (fromRight ? beyondX : 0, fromBottom ? beyondY : 0);
        (Left, Top) = turned ? (down, across) : (across, down);
        ReturnBuffer(buffer);
        (Width, Height, buffer) = (width, height, upright);
        return this;
    }

    public void Dispose()
    {
        ReturnBuffer(buffer);
        buffer = [];
        (Width, Height) = (0, 0);
    }

    private static byte[] RentBuffer(int length) =>
        length <= MaxRented ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    private static void ReturnBuffer(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= MaxRented)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
