using System.Text;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>Writes GGUF files, version 3: whole or not at all, tensor by tensor, and only what <see cref="GgufFile"/> and llama.cpp read.</summary>
internal static class GgufWriter
{
    private const int MaxName = 63; // llama.cpp keeps 64 bytes with the final zero
    private const int Alignment = 32;

    /// <summary>Writes metadata and tensors.</summary>
    /// <param name="path">The file; replaced only once the new one is complete.</param>
    /// <param name="metadata">Values of the CLR types that <see cref="GgufMetadata"/> lists, in the order in which they are to be written.</param>
    /// <param name="tensors">The tensors, in the order in which they are to be written.</param>
    /// <exception cref="ArgumentException">A name, a shape or a type that the format does not have; nothing was written.</exception>
    /// <exception cref="WeightsException">A tensor's values do not fit into the type that was asked for; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, object>> metadata, IReadOnlyList<GgufTensor> tensors)
    {
        byte[] header = Header([.. metadata], tensors);
        WholeFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in tensors)
            {
                using var scope = NewDisposeScope();
                long start = stream.Position;
                GgufValues.Write(stream, path, tensor);
                Pad(stream, stream.Position - start);
            }
        });
    }

    private static byte[] Header(KeyValuePair<string, object>[] metadata, IReadOnlyList<GgufTensor> tensors)
    {
        MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Length);
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (var (key, value) in metadata)
        {
            if (!keys.Add(key) || key == "general.alignment")
            {
                throw new ArgumentException(key == "general.alignment" ? $"The alignment is {Alignment}." : $"Two values of the metadata are named '{key}'.");
            }

            GgufValues.WriteText(writer, key, ushort.MaxValue);
            GgufValues.Write(writer, key, value);
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        long offset = 0;
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"Two tensors are named '{tensor.Name}'.");
            }

            long bytes = WriteEntry(writer, tensor, offset);
            offset += (bytes + Alignment - 1) / Alignment * Alignment;
        }

        writer.Flush();
        Pad(stream, stream.Length);
        return stream.ToArray();
    }

    // Returns the number of bytes of the tensor's data.
    private static long WriteEntry(BinaryWriter writer, GgufTensor tensor, long offset)
    {
        var type = GgufType.Find(tensor.Type) is { IsRead: true } found && (!found.IsQuantised || GgufQuantizer.Writes(found))
            ? found
            : throw new ArgumentException($"Tensor '{tensor.Name}': {tensor.Type} is not written.");
        if (tensor.Shape.Count is 0 or > 4 || tensor.Shape.Any(size => size < 1) || tensor.Shape[^1] % type.Block != 0)
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}': [{string.Join(", ", tensor.Shape)}] cannot be {type.Name}: one to four dimensions are written, in rows of a multiple "
                    + $"of {type.Block} values.");
        }

        GgufValues.WriteText(writer, tensor.Name, MaxName);
        writer.Write((uint)tensor.Shape.Count);
        foreach (long size in tensor.Shape.Reverse())
        {
            writer.Write((ulong)size);
        }

        writer.Write(type.Id);
        writer.Write((ulong)offset);
        return tensor.Shape.Aggregate(1L, (product, size) => checked(product * size)) / type.Block * type.Bytes;
    }

    private static void Pad(Stream stream, long written) => stream.Write(new byte[-written & (Alignment - 1)]);
}
