using System.Buffers.Binary;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// A safetensors file opened for reading. The whole header is checked before anything is believed: sizes, ranges, overlaps, duplicates.
/// Tensors are read one by one; many threads may read at once.
/// </summary>
public sealed class SafetensorsFile : IWeightFile
{
    private const long MaxHeader = 100_000_000; // as in the reference implementation
    private readonly FileBytes bytes;
    private readonly SafetensorsHeader header;
    private readonly long dataStart;

    private SafetensorsFile(FileBytes bytes, SafetensorsHeader header, long dataStart) =>
        (this.bytes, this.header, this.dataStart) = (bytes, header, dataStart);

    /// <summary>The file.</summary>
    public string Path => bytes.Path;

    /// <summary>Texts that the writer left in the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => header.Tensors;

    string IWeightFile.Format => "safetensors";

    IReadOnlyList<string> IWeightFile.LeftOut => [];

    /// <summary>Opens the file and checks its header.</summary>
    /// <exception cref="WeightsException">It cannot be read or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        var bytes = FileBytes.Open(path);
        try
        {
            Span<byte> prefix = stackalloc byte[8];
            if (bytes.Length < 8)
            {
                throw new WeightsException($"{path}: {bytes.Length} bytes are too few for a safetensors file");
            }

            bytes.Read(prefix, 0);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > (ulong)(bytes.Length - 8) || headerLength > MaxHeader)
            {
                throw new WeightsException(
                    $"{path}: the header claims {headerLength} bytes, but the file has {bytes.Length - 8} after its length and {MaxHeader} are the limit; it "
                        + $"is cut off or no safetensors file");
            }

            byte[] json = new byte[headerLength];
            bytes.Read(json, 8);
            long dataStart = 8 + (long)headerLength;
            return new SafetensorsFile(bytes, SafetensorsHeader.Parse(path, json, bytes.Length - dataStart), dataStart);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor to the CPU, in the file's type and shape; the caller disposes it.</summary>
    /// <exception cref="WeightsException">No such tensor, or its bytes cannot be read.</exception>
    public Tensor Read(string name)
    {
        var entry = Entry(name);
        var type = TensorType.Find(entry.Type)!.Value;
        return TensorBytes.Filled(entry.Shape, type.Scalar, (piece, offset) =>
        {
            bytes.Read(piece, dataStart + entry.Begin + offset);
            if (type.Scalar == ScalarType.Bool && piece.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw new WeightsException($"{Path}: tensor '{name}': a BOOL is neither 0 nor 1");
            }
        });
    }

    /// <summary>Reads a tensor's bytes as they are in the file, little-endian.</summary>
    public byte[] ReadBytes(string name)
    {
        var entry = Entry(name);
        if (entry.Length > Array.MaxLength)
        {
            throw new WeightsException($"{Path}: tensor '{name}': {entry.Length} bytes do not fit into an array");
        }

        byte[] data = new byte[entry.Length];
        bytes.Read(data, dataStart + entry.Begin);
        return data;
    }

    /// <summary>Reads a tensor of type F64, F32, F16 or BF16 as float32 values, in the order of the file, without libtorch.</summary>
    public float[] ReadFloats(string name)
    {
        var entry = Entry(name);
        return FloatValues.From(entry.Type, ReadBytes(name))
            ?? throw new WeightsException($"{Path}: tensor '{name}': {entry} holds no floating-point numbers");
    }

    /// <summary>Closes the file; tensors read from it remain.</summary>
    public void Dispose() => bytes.Dispose();

    private TensorEntry Entry(string name) =>
        Tensors.TryGetValue(name, out var entry) ? entry : throw new WeightsException($"{Path}: holds no tensor '{name}'");
}
