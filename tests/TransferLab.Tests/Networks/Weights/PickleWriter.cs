using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>Writes pickles of protocol 2, an instruction at a time: enough for what torch.save writes, and for what an attacker would.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream stream = new();

    public PickleWriter() => Raw(0x80, 2);

    public PickleWriter Raw(params byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public PickleWriter Op(char code) => Raw((byte)code);

    public PickleWriter Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').UInt32((uint)bytes.Length).Raw(bytes);
    }

    public PickleWriter Number(long number)
    {
        byte[] bytes = new BigInteger(number).ToByteArray();
        return Raw(0x8a, (byte)bytes.Length).Raw(bytes);
    }

    public PickleWriter Number(double number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        return Op('G').Raw(bytes);
    }

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Tuple(params long[] numbers)
    {
        Op('(');
        foreach (long number in numbers)
        {
            Number(number);
        }

        return Op('t');
    }

    public PickleWriter OrderedDictionary() => Global("collections", "OrderedDict").Op(')').Op('R');

    public PickleWriter UInt32(uint number) => Raw((byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)(number >> 24));

    /// <summary>A storage: what torch.save keeps outside of the pickle.</summary>
    public PickleWriter Storage(string kind, string key, long count, bool legacy = false)
    {
        var (module, name) = kind.LastIndexOf('.') is > 0 and var dot ? (kind[..dot], kind[(dot + 1)..]) : ("torch", kind);
        Op('(').Text("storage").Global(module, name).Text(key).Text("cpu").Number(count);
        return (legacy ? Op('N') : this).Op('t').Op('Q');
    }

    /// <summary>A tensor as a view of a storage.</summary>
    public PickleWriter Tensor(string kind, string key, long count, long offset, long[] shape, long[] strides, bool legacy = false) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(kind, key, count, legacy).Number(offset).Tuple(shape).Tuple(strides).Raw(0x89)
            .OrderedDictionary().Op('t').Op('R');

    /// <summary>The pickle, ended.</summary>
    public byte[] End()
    {
        Op('.');
        return stream.ToArray();
    }
}
