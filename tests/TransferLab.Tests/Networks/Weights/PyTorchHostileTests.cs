using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>Files that are damaged or mean harm: one line each, nothing executed, little memory and time.</summary>
public sealed class PyTorchHostileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch", "load")]
    [InlineData("torch.serialization", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch._utils", "_rebuild_qtensor")]
    [InlineData("collections.OrderedDict", "__reduce__")]
    [InlineData("numpy.core.multiarray", "scalar")]
    [InlineData("argparse", "Namespace")]
    [InlineData("", "")]
    public void A_name_that_is_not_known_is_refused_by_name(string module, string name)
    {
        string expected = $"'{module}.{name}' is not allowed";
        Assert.Contains(expected, Refusal(PyTorchFixture.Zip(new PickleWriter().Global(module, name).Op('(').Text("touch /tmp/x").Op('t').Op('R').End())));
        Assert.Contains(expected, Refusal(PyTorchFixture.Legacy(new PickleWriter().Global(module, name).End())));
        Assert.Contains(expected, Refusal(PyTorchFixture.Zip(new PickleWriter().Text(module).Text(name).Raw(0x93).End())));
        Assert.Contains(expected,
            Refusal(PyTorchFixture.Zip(new PickleWriter().Op('(').Text("x").Op('i').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n")).End())));
    }

    [Fact]
    public void Known_names_are_not_called_with_anything_else()
    {
        Assert.Contains("does not take", Refusal(Pickle(p => p.Global("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R'))));
        Assert.Contains("does not take", Refusal(Pickle(p => p.Global("collections", "OrderedDict").Op('(').Text("x").Op('t').Op('R'))));
        Assert.Contains("cannot be", Refusal(Pickle(p => p.Global("torch", "FloatStorage").Op(')').Op('R'))));
        Assert.Contains("cannot be", Refusal(Pickle(p => p.Text("os.system").Op(')').Op('R'))));
        Assert.Contains("no dictionary", Refusal(Pickle(p => p.Global("collections", "OrderedDict").Op('}').Op('b'))));
        Assert.Contains("no storage", Refusal(Pickle(p => p.Text("module").Op('Q'))));
    }

    [Theory]
    [InlineData(new long[] { 4, 4 }, new long[] { 4, 1 }, 0, "reach element 15")]
    [InlineData(new long[] { 3, 4 }, new long[] { 4, 1 }, 1, "reach element 12")]
    [InlineData(new long[] { 12 }, new long[] { -1 }, 11, "do not describe")]
    [InlineData(new long[] { 12 }, new long[] { 1 }, -1, "do not describe")]
    [InlineData(new long[] { -12 }, new long[] { 1 }, 0, "do not describe")]
    [InlineData(new long[] { 12 }, new long[] { 1, 1 }, 0, "do not describe")]
    [InlineData(new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, 0, "overflow")]
    [InlineData(new long[] { 2 }, new long[] { long.MaxValue }, 1, "overflow")]
    [InlineData(new long[] { 0, long.MaxValue, 4 }, new long[] { 0, 0, 0 }, 0, "overflow")]
    [InlineData(new long[] { 1L << 40 }, new long[] { 0 }, 0, "repeat the 12 elements")]
    public void A_tensor_that_reaches_beyond_its_storage_is_refused_by_name(long[] shape, long[] strides, long offset, string expected)
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("weight").Tensor("FloatStorage", "0", 12, offset, shape, strides).Op('u').End();
        string message = Refusal(PyTorchFixture.Zip(pickle, ("0", new byte[48])));
        Assert.Contains("tensor 'weight'", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Storages_are_as_large_as_they_say()
    {
        byte[] One(long count, bool legacy = false) => new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", count, 0, [1], [1], legacy)
            .Op('u').End();
        Assert.Contains("has 47", Refusal(PyTorchFixture.Zip(One(12), ("0", new byte[47]))));
        Assert.Contains("is missing", Refusal(PyTorchFixture.Zip(One(12), ("1", new byte[48]))));
        Assert.Contains("claims", Refusal(PyTorchFixture.Zip(One(long.MaxValue), ("0", new byte[48]))));
        Assert.Contains("cut off", Refusal(PyTorchFixture.Legacy(One(12, true), ("0", 12, new byte[47]))));
        Assert.Contains("cut off", Refusal(PyTorchFixture.Legacy(One(1L << 40, true), ("0", 1L << 40, new byte[48]))));
        Assert.Contains("11 elements", Refusal(PyTorchFixture.Legacy(One(12, true), ("0", 11, new byte[48]))));
        Assert.Contains("1 bytes after", Refusal(PyTorchFixture.Legacy(One(12, true), ("0", 12, new byte[49]))));
        Assert.Contains("does not name", Refusal(PyTorchFixture.Legacy(One(12, true))));
        Assert.Contains("big-endian", Refusal(PyTorchFixture.Legacy(One(12, true), littleEndian: false, ("0", 12, new byte[48]))));
        Assert.Contains("little-endian",
            Refusal(PyTorchFixture.ZipOf(("a/data.pkl", One(12)), ("a/data/0", new byte[48]), ("a/byteorder", "big"u8.ToArray()))));
        byte[] two = new PickleWriter().Op('}').Op('(').Text("a").Tensor("FloatStorage", "0", 12, 0, [1], [1]).Text("b")
            .Tensor("LongStorage", "0", 6, 0, [1], [1]).Op('u').End();
        Assert.Contains("two ways", Refusal(PyTorchFixture.Zip(two, ("0", new byte[48]))));
        byte[] twice = new PickleWriter().Op('}').Op('(').Text("a").Tensor("FloatStorage", "0", 12, 0, [1], [1]).Text("a")
            .Tensor("FloatStorage", "0", 12, 0, [1], [1]).Op('u').End();
        Assert.Contains("appears twice", Refusal(PyTorchFixture.Zip(twice, ("0", new byte[48]))));
    }

    [Fact]
    public void Damaged_pickles_are_refused_before_they_take_memory()
    {
        Assert.Contains("are left", Refusal(Pickle(p => p.Op('X').UInt32(uint.MaxValue))));
        Assert.Contains("are left", Refusal(Pickle(p => p.Raw(0x8d).Raw(BitConverter.GetBytes(1L << 60)))));
        Assert.Contains("are left", Refusal(Pickle(p => p.Op('B').UInt32(1 << 30))));
        Assert.Contains("nothing to work on", Refusal(Pickle(p => p.Op('0'))));
        Assert.Contains("nothing to work on", Refusal(Pickle(p => p.Op('N').Op('(').Op('0'))));
        Assert.Contains("nothing to work on", Refusal(Pickle(p => p.Op('t'))));
        Assert.Contains("before it was kept", Refusal(Pickle(p => p.Op('h').Raw(7))));
        Assert.Contains("no list", Refusal(Pickle(p => p.Op(')').Op('N').Op('a'))));
        Assert.Contains("no dictionary", Refusal(Pickle(p => p.Op(']').Op('(').Op('N').Op('N').Op('u'))));
        Assert.Contains("no dictionary", Refusal(Pickle(p => p.Op('}').Op('(').Op('N').Op('u'))));
        Assert.Contains("1000 bytes", Refusal(Pickle(p => p.Raw(0x8b).UInt32(1000))));
        Assert.Contains("EXT", Refusal(Pickle(p => p.Raw(0x82, 1))));
        Assert.Contains("NEWOBJ_EX", Refusal(Pickle(p => p.Raw(0x92))));
        Assert.Contains("version 9", Refusal(Pickle(p => p.Raw(0x80, 9))));
        Assert.Contains("UTF-8", Refusal(Pickle(p => p.Op('X').UInt32(1).Raw(0xff))));
        Assert.Contains("plain text", Refusal(Pickle(p => p.Op('c').Raw(new byte[300]))));
        Assert.Contains("holds no dictionary of tensors but a list", Refusal(Pickle(p => p.Op(']'))));
        byte[] endless = new PickleWriter().Op('}').Op('q').Raw(0).Text("self").Op('h').Raw(0).Op('s').End();
        Assert.Contains("but a dictionary", Refusal(PyTorchFixture.Zip(endless)));
    }

    [Fact]
    public void Bombs_of_references_marks_and_copies_end_soon()
    {
        // Each list holds the one before twice: two to the power of a million leaves.
        Assert.Contains("but a list", Refusal(Pickle(p => Repeat(p.Op('N'), 100_000, q => q.Op('2').Raw(0x86)))));
        Assert.Contains("but a list", Refusal(Pickle(p => Repeat(p.Op(')'), 100_000, q => q.Raw(0x85)))));
        Assert.Contains("instructions", Refusal(Pickle(p => p.Raw([.. Enumerable.Repeat((byte)'(', 4_000_001)]))));
        Assert.Contains("instructions", Refusal(Pickle(p =>
        {
            Repeat(p.Op(']').Op('('), 10_000, q => q.Op('N').Op('N').Raw(0x86)).Op('e').Op('q').Raw(0).Global("collections", "OrderedDict").Op('q').Raw(1);
            Repeat(p, 10_000, q => q.Op('h').Raw(1).Op('h').Raw(0).Raw(0x85).Op('R').Op('0'));
        })));
        Assert.Contains("but None", Refusal(Pickle(p => p.Op('N').Op('r').UInt32(uint.MaxValue))));
    }

    [Fact]
    public void Zip_archives_that_are_damaged_compressed_or_no_PyTorch_are_refused()
    {
        byte[] pickle = new PickleWriter().Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 12, 0, [1], [1]).Op('u').End();
        byte[] valid = PyTorchFixture.Zip(pickle, ("0", new byte[48]));
        Assert.Contains("cut off", Refusal(valid[..^30]));
        Assert.Contains("no data.pkl", Refusal(PyTorchFixture.ZipOf(("word/document.xml", [1]))));
        Assert.Contains("more than one", Refusal(PyTorchFixture.ZipOf(("a/data.pkl", [1]), ("b/data.pkl", [1]))));
        Assert.Contains("TorchScript", Refusal(PyTorchFixture.ZipOf(("a/data.pkl", pickle), ("a/constants.pkl", [1]))));
        Assert.Contains("leads out", Refusal(PyTorchFixture.ZipOf(("../a/data.pkl", [1]))));
        Assert.Contains("leads out", Refusal(PyTorchFixture.ZipOf(("/data.pkl", [1]))));
        Assert.Contains("leads out", Refusal(PyTorchFixture.ZipOf(("a\\..\\b", [1]))));
        Assert.Contains("compressed", Refusal(PyTorchFixture.ZipOf(CompressionLevel.Optimal, ("a/data.pkl", new byte[10_000_000]))));
        Assert.Contains("appears twice", Refusal(PyTorchFixture.ZipOf(("a/data.pkl", pickle), ("a/data.pkl", pickle))));

        // The second entry is said to be where the first is; the sizes are doubled; an entry is encrypted.
        int directory = valid.AsSpan().IndexOf("PK\x01\x02"u8);
        int second = directory + 1 + valid.AsSpan(directory + 1).IndexOf("PK\x01\x02"u8);
        Assert.Contains("another name", Refusal(With(valid, second + 42, 0)));
        Assert.Contains("two sizes", Refusal(With(valid, directory + 24, 1)));
        Assert.Contains("cut off", Refusal(With(valid, second + 42, 1 << 30)));
        Assert.Contains("encrypted", Refusal(With(valid, directory + 8, 1)));
        byte[] larger = With(With(valid, directory + 20, (uint)valid.Length - 100), directory + 24, (uint)valid.Length - 100);
        Assert.Contains("overlap", Refusal(larger));
        Assert.Contains("claims 65535 entries", Refusal(With(valid, valid.Length - 12, 0xFFFF_FFFF)));
    }

    private static byte[] With(byte[] bytes, int place, uint value)
    {
        byte[] changed = [.. bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(place), value);
        return changed;
    }

    private static PickleWriter Repeat(PickleWriter pickle, int times, Action<PickleWriter> step)
    {
        for (; times > 0; times--)
        {
            step(pickle);
        }

        return pickle;
    }

    private static byte[] Pickle(Action<PickleWriter> write)
    {
        PickleWriter pickle = new();
        write(pickle);
        return PyTorchFixture.Zip(pickle.End());
    }

    private string Refusal(byte[] bytes)
    {
        string path = Path.Combine(folder, "file.pth");
        File.WriteAllBytes(path, bytes);
        string message = Assert.Throws<WeightsException>(() => WeightFile.Open(path).Dispose()).Message;
        Assert.StartsWith(path, message);
        Assert.InRange(message.Length, path.Length + 10, path.Length + 400);
        Assert.False(message.Any(char.IsControl), message);
        return message;
    }
}
