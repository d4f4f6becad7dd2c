using System.Buffers.Binary;
using System.IO.Compression;

namespace TransferLab.Data;

/// <summary>
/// PNGs of 16 bits a channel that hold fewer, as cameras and scanners write them: the decoder takes the upper eight bits, which are all black. Grey and RGB
/// without interlacing.
/// </summary>
internal static class DeepPng
{
    private const int TwelveBits = 4095;
    private const byte Grey = 0, Rgb = 2;

    /// <summary>Fills in the picture anew, the values scaled from 12 bits to 8, where the file holds no more than 12 bits.</summary>
    /// <param name="file">The file, decoded without an error before.</param>
    /// <param name="picture">The decoded picture, opaque, before it is turned.</param>
    /// <returns>Whether it did: not where the file is of another kind, or a value is larger.</returns>
    public static bool Brighten(ReadOnlySpan<byte> file, Picture picture)
    {
        if (!PngChunks.Find(file, "IHDR"u8, out ReadOnlySpan<byte> header) || header is not [.., 16, Grey or Rgb, 0, 0, 0]
            || picture.Brightest() > TwelveBits >> 8)
        {
            return false;
        }

        using ZLibStream stream = new(new MemoryStream(PngChunks.Pixels(file)), CompressionMode.Decompress);
        int channels = header[9] == Grey ? 1 : 3, width = picture.Width;
        byte[] above = new byte[width * channels * 2], row = new byte[above.Length];
        for (int y = 0; y < picture.Height; y++, (above, row) = (row, above))
        {
            int filter = stream.ReadByte();
            stream.ReadExactly(row);
            Unfilter(filter, row, above, channels * 2);
            Span<byte> rgba = picture.Rgba.Slice(y * width * 4, width * 4);
            for (int i = 0; i < rgba.Length; i++)
            {
                int value = i % 4 == 3 ? TwelveBits : BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * ((i / 4 * channels) + (channels == 1 ? 0 : i % 4))));
                rgba[i] = (byte)(((value * byte.MaxValue) + (TwelveBits / 2)) / TwelveBits);
            }
        }

        return true;
    }

    private static void Unfilter(int filter, byte[] row, byte[] above, int step)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step], corner = i < step ? 0 : above[i - step];
            row[i] += (byte)(filter switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], corner),
                _ => 0,
            });
        }
    }

    /// <summary>The neighbour that is nearest to left + above - corner.</summary>
    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        (int toLeft, int toAbove, int toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
