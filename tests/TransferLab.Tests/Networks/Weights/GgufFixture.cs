using System.Buffers.Binary;
using System.Text;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>Writes GGUF headers a field at a time, right or wrong.</summary>
internal sealed class GgufFixture
{
    private readonly MemoryStream stream = new();

    public GgufFixture(uint version = 3, ulong tensors = 0, ulong metadata = 0) => Raw("GGUF"u8.ToArray()).UInt32(version).UInt64(tensors).UInt64(metadata);

    /// <summary>One value and two tensors: four float32 and a block of Q8_0.</summary>
    public static byte[] Valid { get; } = new GgufFixture(3, 2, 2).Text("general.architecture").UInt32(8).Text("llama").Text("list").UInt32(9).UInt32(8)
        .UInt64(2).Text("a").Text("b")
        .Tensor("a", [2, 2], 0, 0).Tensor("b", [1, 32], 8, 32).Pad(32 + 34).Bytes;

    public byte[] Bytes => stream.ToArray();

    public GgufFixture Raw(params byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public GgufFixture UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public GgufFixture UInt64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public GgufFixture Text(string text) => UInt64((ulong)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>An entry; the shape as PyTorch has it.</summary>
    public GgufFixture Tensor(string name, ulong[] shape, uint type, ulong offset)
    {
        Text(name).UInt32((uint)shape.Length);
        foreach (ulong size in shape.Reverse())
        {
            UInt64(size);
        }

        return UInt32(type).UInt64(offset);
    }

    /// <summary>Zeros up to the data, and that many of data.</summary>
    public GgufFixture Pad(int data, int alignment = 32) => Raw(new byte[(int)(-stream.Length & (alignment - 1)) + data]);
}
