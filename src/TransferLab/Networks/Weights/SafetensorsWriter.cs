using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>Writes safetensors files: the same tensors and texts give the same bytes, and a failure leaves no half-written file.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes tensors by name. One at a time is made contiguous on the CPU; they are not changed.</summary>
    /// <param name="path">The file; replaced only once the new one is complete.</param>
    /// <param name="tensors">Names and tensors in any order; the file orders them by element size, then name.</param>
    /// <param name="metadata">Texts for the header.</param>
    /// <exception cref="ArgumentException">A name appears twice or is reserved, or an element type has no name in the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var items = tensors.Select(item => (item.Name, item.Tensor, Type: TypeOf(item.Name, item.Tensor)))
            .OrderByDescending(item => item.Type.Size).ThenBy(item => item.Name, StringComparer.Ordinal).ToArray();
        var header = Header(items, metadata ?? new Dictionary<string, string>());
        WholeFile.Write(path, stream =>
        {
            stream.Write(header.WrittenSpan);
            foreach (var (_, tensor, _) in items)
            {
                using var scope = NewDisposeScope();
                TensorBytes.ForEach(tensor.detach().cpu().contiguous(), (bytes, _) => stream.Write(bytes));
            }
        });
    }

    private static TensorType TypeOf(string name, Tensor tensor)
    {
        if (name == "__metadata__" || name.EnumerateRunes().Any(rune => rune.Value == 0xFFFD))
        {
            throw new ArgumentException($"A tensor cannot be named '{name}': the name is reserved or not valid Unicode.");
        }

        return TensorType.Of(tensor.dtype) ?? throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}; safetensors files hold {TensorType.Names}.");
    }

    private static ArrayBufferWriter<byte> Header((string Name, Tensor Tensor, TensorType Type)[] items, IReadOnlyDictionary<string, string> metadata)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long position = 0;
            foreach (var (name, tensor, type) in items)
            {
                if (!names.Add(name))
                {
                    throw new ArgumentException($"Two tensors are named '{name}'.");
                }

                long end = position + (tensor.numel() * type.Size);
                WriteEntry(json, name, type, tensor.shape, position, end);
                position = end;
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight, so that the data is aligned in the file.
        buffer.Write("       "u8[..(-buffer.WrittenCount & 7)]);
        int length = buffer.WrittenCount - 8;
        var whole = new ArrayBufferWriter<byte>(buffer.WrittenCount);
        BinaryPrimitives.WriteInt64LittleEndian(whole.GetSpan(8), length);
        whole.Advance(8);
        whole.Write(buffer.WrittenSpan[8..]);
        return whole;
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, TensorType type, long[] shape, long begin, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", type.Name);
        json.WriteStartArray("shape");
        foreach (long size in shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
