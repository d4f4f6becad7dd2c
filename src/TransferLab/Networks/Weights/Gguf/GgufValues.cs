using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>Writes the values of a GGUF file: metadata by their CLR type, tensors in the type that is asked for.</summary>
internal static class GgufValues
{
    private const int Chunk = 1 << 16;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes a text after its length.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or no valid Unicode.</exception>
    public static void WriteText(BinaryWriter writer, string text, int most)
    {
        byte[] bytes = Encode(text);
        if (bytes.Length == 0 || bytes.Length > most)
        {
            throw new ArgumentException($"The name '{text}' has {bytes.Length} bytes; 1 to {most} are written.");
        }

        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>Writes a value of the metadata: its type, and itself.</summary>
    /// <exception cref="ArgumentException">The format has no such type.</exception>
    public static void Write(BinaryWriter writer, string key, object value)
    {
        if (value is Array list)
        {
            writer.Write(9u);
            writer.Write(TypeOf(key, list.GetType().GetElementType()!));
            writer.Write((ulong)list.Length);
            foreach (object item in list)
            {
                WriteValue(writer, item);
            }

            return;
        }

        writer.Write(TypeOf(key, value.GetType()));
        WriteValue(writer, value);
    }

    /// <summary>Writes a tensor's data.</summary>
    /// <exception cref="ArgumentException">The tensor is not of the shape or type that was announced.</exception>
    /// <exception cref="WeightsException">Values do not fit into the type.</exception>
    public static void Write(Stream stream, string path, GgufTensor tensor)
    {
        var type = GgufType.Find(tensor.Type)!;
        var given = tensor.Values();
        if (!given.shape.AsSpan().SequenceEqual(tensor.Shape.ToArray()))
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' was announced as [{string.Join(", ", tensor.Shape)}] and is [{string.Join(", ", given.shape)}].");
        }

        bool converted = type.IsQuantised || type.Name is "F32" or "F16" or "BF16";
        if (converted ? !given.is_floating_point() : given.dtype != type.Scalar)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}' holds {given.dtype} and cannot be written as {type.Name}.");
        }

        // Quantised ones are packed from float32.
        var values = given.detach().cpu().to(type.Scalar).contiguous();
        if (type.Name == "F16" && given.dtype != ScalarType.Float16 && values.isinf().any().item<bool>() && !given.isinf().any().item<bool>())
        {
            throw new WeightsException($"{path}: tensor '{tensor.Name}' holds values above 65504, which F16 does not have; write it as BF16 or F32");
        }

        TensorBytes.ForEach(values, (bytes, _) => WritePiece(stream, path, tensor.Name, type, bytes));
    }

    private static void WritePiece(Stream stream, string path, string name, GgufType type, ReadOnlySpan<byte> bytes)
    {
        if (!type.IsQuantised)
        {
            stream.Write(bytes);
            return;
        }

        var values = MemoryMarshal.Cast<byte, float>(bytes);
        byte[] blocks = new byte[Math.Min(Chunk, values.Length) / type.Block * type.Bytes];
        while (!values.IsEmpty)
        {
            var part = values[..Math.Min(Chunk, values.Length)];
            var packed = blocks.AsSpan(0, part.Length / type.Block * type.Bytes);
            try
            {
                GgufQuantizer.Quantise(type, part, packed);
            }
            catch (NotFiniteNumberException e)
            {
                throw new WeightsException($"{path}: tensor '{name}' cannot be {type.Name}: {e.Message}; write it as F32", e);
            }

            stream.Write(packed);
            values = values[part.Length..];
        }
    }

    private static uint TypeOf(string key, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 0,
        TypeCode.SByte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.Int16 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Boolean => 7,
        TypeCode.String => 8,
        TypeCode.UInt64 => 10,
        TypeCode.Int64 => 11,
        TypeCode.Double => 12,
        _ => throw new ArgumentException($"The metadata '{key}' are of type {type.Name}, which GGUF does not have."),
    };

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                byte[] bytes = Encode(text);
                writer.Write((ulong)bytes.Length);
                writer.Write(bytes);
                break;
            case float or double:
                writer.Write(value is float single ? BitConverter.GetBytes(single) : BitConverter.GetBytes((double)value));
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case byte or sbyte:
                writer.Write(value is byte number ? number : (byte)(sbyte)value);
                break;
            case ushort or short:
                writer.Write(value is ushort wide ? wide : (ushort)(short)value);
                break;
            case uint or int:
                writer.Write(value is uint wider ? wider : (uint)(int)value);
                break;
            default:
                writer.Write(value is ulong widest ? widest : (ulong)(long)value);
                break;
        }
    }

    private static byte[] Encode(string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("A text is no valid Unicode.", e);
        }
    }
}
