using Microsoft.Win32.SafeHandles;
using TransferLab.Runtime;

namespace TransferLab.Networks.Weights;

/// <summary>A file of weights opened for reading at any place, by any number of threads.</summary>
internal sealed class FileBytes : IDisposable
{
    private readonly SafeFileHandle handle;

    private FileBytes(string path, SafeFileHandle handle, long length) => (Path, this.handle, Length) = (path, handle, length);

    public string Path { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    public long Length { get; }

    public static FileBytes Open(string path)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Weights are little-endian; this processor is not.");
        }

        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
            return new(path, handle, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            handle?.Dispose();
            throw new WeightsException($"{path}: {ReadFault.Of(path, e)}", e);
        }
    }

    /// <summary>Fills the buffer from a place in the file.</summary>
    public void Read(Span<byte> buffer, long position)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                int read = RandomAccess.Read(handle, buffer, position);
                if (read == 0)
                {
                    throw new WeightsException($"{Path}: became shorter while it was read");
                }

                buffer = buffer[read..];
                position += read;
            }
        }
        catch (IOException e)
        {
            throw new WeightsException($"{Path}: cannot be read ({e.Message})", e);
        }
    }

    /// <summary>The first bytes, at most so many.</summary>
    public byte[] Head(int most)
    {
        byte[] bytes = new byte[Math.Min(most, Length)];
        Read(bytes, 0);
        return bytes;
    }

    public void Dispose() => handle.Dispose();
}
