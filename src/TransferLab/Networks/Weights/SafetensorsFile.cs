using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// A safetensors file opened for reading. The whole header is checked before anything is believed: sizes, ranges, overlaps, duplicates.
/// Tensors are read one by one; many threads may read at once.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const long MaxHeader = 100_000_000; // as in the reference implementation
    private readonly SafeFileHandle handle;
    private readonly SafetensorsHeader header;
    private readonly long dataStart;

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header, long dataStart) =>
        (Path, this.handle, this.header, this.dataStart) = (path, handle, header, dataStart);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Texts that the writer left in the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => header.Tensors;

    /// <summary>Opens the file and checks its header.</summary>
    /// <exception cref="WeightsException">It cannot be read or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
            long length = RandomAccess.GetLength(handle);
            Span<byte> prefix = stackalloc byte[8];
            if (length < 8)
            {
                throw new WeightsException($"{path}: {length} bytes are too few for a safetensors file");
            }

            ReadFully(path, handle, prefix, 0);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > (ulong)(length - 8) || headerLength > MaxHeader)
            {
                throw new WeightsException(
                    $"{path}: the header claims {headerLength} bytes, but the file has {length - 8} after its length and {MaxHeader} are the limit; it is cut off or no safetensors file");
            }

            byte[] json = new byte[headerLength];
            ReadFully(path, handle, json, 8);
            long dataStart = 8 + (long)headerLength;
            return new SafetensorsFile(path, handle, SafetensorsHeader.Parse(path, json, length - dataStart), dataStart);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw new WeightsException($"{path}: cannot be read ({e.Message})", e);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor to the CPU, in the file's type and shape; the caller disposes it.</summary>
    /// <exception cref="WeightsException">No such tensor, or its bytes cannot be read.</exception>
    public Tensor Read(string name)
    {
        RequireLittleEndian();
        var entry = Entry(name);
        var type = TensorType.Find(entry.Type)!.Value;
        var tensor = empty(entry.Shape.ToArray(), type.Scalar, CPU);
        try
        {
            TensorBytes.ForEach(tensor, (bytes, offset) =>
            {
                ReadFully(Path, handle, bytes, dataStart + entry.Begin + offset);
                if (type.Scalar == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
                {
                    throw new WeightsException($"{Path}: tensor '{name}': a BOOL is neither 0 nor 1");
                }
            });
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor's bytes as they are in the file, little-endian.</summary>
    public byte[] ReadBytes(string name)
    {
        var entry = Entry(name);
        if (entry.Length > Array.MaxLength)
        {
            throw new WeightsException($"{Path}: tensor '{name}': {entry.Length} bytes do not fit into an array");
        }

        byte[] bytes = new byte[entry.Length];
        ReadFully(Path, handle, bytes, dataStart + entry.Begin);
        return bytes;
    }

    /// <summary>Reads a tensor of type F64, F32, F16 or BF16 as float32 values, in the order of the file, without libtorch.</summary>
    public float[] ReadFloats(string name)
    {
        RequireLittleEndian();
        var entry = Entry(name);
        byte[] bytes = ReadBytes(name);
        return entry.Type switch
        {
            "F32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            "F64" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value),
            "F16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            "BF16" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
            _ => throw new WeightsException($"{Path}: tensor '{name}': {entry} holds no floating-point numbers"),
        };
    }

    /// <summary>Closes the file; tensors read from it remain.</summary>
    public void Dispose() => handle.Dispose();

    private TensorEntry Entry(string name) =>
        Tensors.TryGetValue(name, out var entry) ? entry : throw new WeightsException($"{Path}: holds no tensor '{name}'");

    private static void ReadFully(string path, SafeFileHandle handle, Span<byte> buffer, long position)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                int read = RandomAccess.Read(handle, buffer, position);
                if (read == 0)
                {
                    throw new WeightsException($"{path}: became shorter while it was read");
                }

                buffer = buffer[read..];
                position += read;
            }
        }
        catch (IOException e)
        {
            throw new WeightsException($"{path}: cannot be read ({e.Message})", e);
        }
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Weights are little-endian; this processor is not.");
        }
    }
}
