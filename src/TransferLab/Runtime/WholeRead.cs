using Microsoft.Win32.SafeHandles;

namespace TransferLab.Runtime;

/// <summary>Reads all of a piece of a file: the system may give less at a time than was asked for.</summary>
internal static class WholeRead
{
    /// <summary>Fills the bytes from an offset on.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public static void Fill(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException(
                    $"A file ends {bytes.Length} bytes before it should, at {offset}; see whether the disk is full or something else writes to it.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
