using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// A GGUF file opened for reading. The header is checked before anything is believed. Tensors are read one by one, with their dimensions in PyTorch's order;
/// quantised ones are expanded to float32. Rows stay where the file has them: see <see cref="RotaryRows"/>.
/// </summary>
internal sealed class GgufFile : IWeightFile
{
    private const int Chunk = 1 << 16; // values expanded at a time, whole blocks of every type
    private readonly FileBytes bytes;
    private readonly GgufHeader header;

    private GgufFile(FileBytes bytes, GgufHeader header) => (this.bytes, this.header) = (bytes, header);

    /// <inheritdoc/>
    public string Path => bytes.Path;

    /// <inheritdoc/>
    public string Format => $"GGUF {header.Version}";

    /// <summary>What the header says of the network and its tokenizer.</summary>
    public GgufMetadata Metadata => header.Metadata;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => header.Tensors;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => [];

    /// <summary>Opens the file and checks its header.</summary>
    /// <exception cref="WeightsException">It cannot be read or breaks a rule of the format.</exception>
    public static GgufFile Open(string path)
    {
        var bytes = FileBytes.Open(path);
        try
        {
            return new(bytes, GgufHeader.Read(bytes));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var (entry, type) = Entry(name);
        return TensorBytes.Filled(entry.Shape, type.Scalar, (piece, offset) =>
        {
            if (type.IsQuantised)
            {
                Expand(entry, type, offset / sizeof(float), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(piece));
            }
            else
            {
                bytes.Read(piece, header.DataStart + entry.Begin + offset);
            }
        });
    }

    /// <inheritdoc/>
    public float[] ReadFloats(string name)
    {
        var (entry, type) = Entry(name);
        if (!type.IsQuantised)
        {
            return FloatValues.From(type.Name, ReadBytes(name))
                ?? throw new WeightsException($"{Path}: tensor '{name}': {entry} holds no floating-point numbers");
        }

        float[] values = new float[entry.Count <= Array.MaxLength ? entry.Count : throw TooLarge(entry)];
        Expand(entry, type, 0, values);
        return values;
    }

    /// <summary>Reads a tensor's bytes as they are in the file: numbers or quantised blocks, row by row.</summary>
    public byte[] ReadBytes(string name)
    {
        var (entry, _) = Entry(name);
        byte[] data = new byte[entry.Length <= Array.MaxLength ? entry.Length : throw TooLarge(entry)];
        bytes.Read(data, header.DataStart + entry.Begin);
        return data;
    }

    /// <inheritdoc/>
    public void Dispose() => bytes.Dispose();

    private void Expand(TensorEntry entry, GgufType type, long first, Span<float> values)
    {
        byte[] blocks = new byte[Math.Min(Chunk, values.Length) / type.Block * type.Bytes];
        while (!values.IsEmpty)
        {
            var part = values[..Math.Min(Chunk, values.Length)];
            var packed = blocks.AsSpan(0, part.Length / type.Block * type.Bytes);
            bytes.Read(packed, header.DataStart + entry.Begin + (first / type.Block * type.Bytes));
            GgufBlocks.Dequantise(type, packed, part);
            first += part.Length;
            values = values[part.Length..];
        }
    }

    private (TensorEntry Entry, GgufType Type) Entry(string name)
    {
        var entry = Tensors.TryGetValue(name, out var found) ? found : throw new WeightsException($"{Path}: holds no tensor '{name}'");
        var type = header.Types[name];
        return type.IsRead
            ? (entry, type)
            : throw new WeightsException($"{Path}: tensor '{name}' is {type.Name}, which is not read; the types that are: {GgufType.Names}");
    }

    private WeightsException TooLarge(TensorEntry entry) => new($"{Path}: tensor '{entry.Name}': {entry} does not fit into an array");
}
