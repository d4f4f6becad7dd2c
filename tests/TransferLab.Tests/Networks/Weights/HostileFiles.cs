using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>One file of each kind that is refused: what docs/weights.md shows.</summary>
internal static class HostileFiles
{
    public static IEnumerable<(string Format, string Kind, byte[] Bytes)> All() =>
        [.. Pickles(), .. Zips(), .. Legacy(), .. Ggufs(), .. Safetensors(), .. Others()];

    private static IEnumerable<(string Format, string Kind, byte[] Bytes)> Pickles()
    {
        (string, string, byte[]) Pickle(string kind, Action<PickleWriter> write)
        {
            PickleWriter pickle = new();
            write(pickle);
            return ("pickle", kind, PyTorchFixture.Zip(pickle.End()));
        }

        (string, string, byte[]) Tensor(string kind, long offset, long[] shape, long[] strides) => ("PyTorch", kind, PyTorchFixture.Zip(
            new PickleWriter().Op('}').Op('(').Text("weight").Tensor("FloatStorage", "0", 12, offset, shape, strides).Op('u').End(), ("0", new byte[48])));

        yield return Pickle("a call of a program", p => p.Global("os", "system").Op('(').Text("rm -rf ~").Op('t').Op('R'));
        yield return Pickle("a whole network instead of its weights", p => p.Global("torchvision.models.resnet", "ResNet").Op(')').Raw(0x81));
        yield return Pickle("a known name called with something else", p => p.Global("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R'));
        yield return Pickle("a text longer than the file", p => p.Op('X').UInt32(uint.MaxValue));
        yield return Pickle("an endless number of instructions", p => p.Raw([.. Enumerable.Repeat((byte)'(', 4_000_001)]));
        yield return Pickle("an instruction that weights do not need", p => p.Raw(0x82, 1));
        yield return Pickle("instructions that do not fit together", p => p.Op('t'));
        yield return Pickle("no tensors at all", p => p.Op(']'));
        yield return Tensor("a tensor beyond its storage", 1, [3, 4], [4, 1]);
        yield return Tensor("negative strides", 11, [12], [-1]);
        yield return Tensor("one element repeated to a terabyte", 0, [1L << 38], [0]);
        yield return Tensor("a shape that overflows", 0, [1L << 40, 1L << 40], [0, 0]);
    }

    private static IEnumerable<(string Format, string Kind, byte[] Bytes)> Zips()
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 12, 0, [1], [1]).Op('u').End();
        byte[] valid = PyTorchFixture.Zip(pickle, ("0", new byte[48]));
        int directory = valid.AsSpan().IndexOf("PK\x01\x02"u8);
        byte[] overlapping = [.. valid];
        BinaryPrimitives.WriteUInt32LittleEndian(overlapping.AsSpan(directory + 20), (uint)directory - 60);
        BinaryPrimitives.WriteUInt32LittleEndian(overlapping.AsSpan(directory + 24), (uint)directory - 60);
        yield return ("zip", "a zip bomb", PyTorchFixture.ZipOf(CompressionLevel.Optimal, ("a/data.pkl", new byte[1_000_000])));
        yield return ("zip", "entries that overlap", overlapping);
        yield return ("zip", "a name that leads out of it", PyTorchFixture.ZipOf(("../../home/data.pkl", [1])));
        yield return ("zip", "a storage of another size", PyTorchFixture.Zip(pickle, ("0", new byte[47])));
        yield return ("zip", "numbers of a big-endian machine", PyTorchFixture.ZipOf(("a/data.pkl", pickle), ("a/byteorder", "big"u8.ToArray())));
        yield return ("zip", "a TorchScript program", PyTorchFixture.ZipOf(("a/data.pkl", pickle), ("a/constants.pkl", [1])));
        yield return ("zip", "cut off", valid[..^30]);
    }

    private static IEnumerable<(string Format, string Kind, byte[] Bytes)> Legacy()
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 12, 0, [1], [1], legacy: true).Op('u').End();
        yield return ("legacy", "cut off", PyTorchFixture.Legacy(pickle, ("0", 12, new byte[47])));
        yield return ("legacy", "a storage of another size", PyTorchFixture.Legacy(pickle, ("0", 11, new byte[48])));
        yield return ("legacy", "bytes that belong to nothing", PyTorchFixture.Legacy(pickle, ("0", 12, new byte[49])));
        yield return ("legacy", "numbers of a big-endian machine", PyTorchFixture.Legacy(pickle, littleEndian: false, ("0", 12, new byte[48])));
    }

    private static IEnumerable<(string Format, string Kind, byte[] Bytes)> Ggufs()
    {
        static GgufFixture One(ulong[] shape, uint type, ulong offset) => new GgufFixture(3, 1).Tensor("weight", shape, type, offset).Pad(64);
        (string Kind, GgufFixture File)[] files =
        [
            ("a number of tensors beyond the file", new(3, ulong.MaxValue)),
            ("a list beyond the file", new GgufFixture(3, 0, 1).Text("key").UInt32(9).UInt32(8).UInt64(1ul << 60)),
            ("the same key twice", new GgufFixture(3, 0, 2).Text("key").UInt32(0).Raw(1).Text("key").UInt32(0).Raw(1)),
            ("a bad alignment", new GgufFixture(3, 0, 1).Text("general.alignment").UInt32(4).UInt32(12)),
            ("the same tensor twice", new GgufFixture(3, 2).Tensor("weight", [1], 0, 0).Tensor("weight", [1], 0, 32).Pad(64)),
            ("tensors that overlap", new GgufFixture(3, 2).Tensor("one", [16], 0, 0).Tensor("two", [1], 0, 32).Pad(64)),
            ("a shape that overflows", One([1ul << 32, 1ul << 32], 0, 0)),
            ("rows that are no whole blocks", One([33], 8, 0)),
            ("cut off", One([17], 0, 0)),
            ("of a big-endian machine", new(0x03000000)),
            ("of version 1", new(1)),
            ("one of several parts", new GgufFixture(3, 0, 1).Text("split.count").UInt32(2).Raw(3, 0)),
        ];
        return files.Select(file => ("GGUF", file.Kind, file.File.Bytes));
    }

    private static IEnumerable<(string Format, string Kind, byte[] Bytes)> Safetensors()
    {
        static (string, string, byte[]) File(string kind, string header, int data, long? length = null) =>
            ("safetensors", kind, [.. BitConverter.GetBytes(length ?? header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[data]]);
        yield return File("a header beyond the file", "{}", 0, 1L << 40);
        yield return File("tensors that overlap",
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}}""", 8);
        yield return File("a hole between tensors",
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}}""", 8);
        yield return File("a shape that overflows", """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 8);
        yield return File("cut off", """{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", 8);
        yield return ("index", "a path that leads out", """{"weight_map":{"weight":"../../etc/passwd"}}"""u8.ToArray());
        yield return ("index", "a shard that is missing", """{"weight_map":{"weight":"model-00001-of-00002.safetensors"}}"""u8.ToArray());
    }

    private static IEnumerable<(string Format, string Kind, byte[] Bytes)> Others()
    {
        yield return ("other", "empty", []);
        yield return ("other", "a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\n"u8.ToArray());
        yield return ("other", "an error page", "<!DOCTYPE html><html>"u8.ToArray());
        yield return ("other", "a Keras file", [0x89, (byte)'H', (byte)'D', (byte)'F']);
        yield return ("other", "a pickle of something else", [0x80, 3, (byte)'}', (byte)'.']);
        yield return ("other", "anything", "hello"u8.ToArray());
    }
}
