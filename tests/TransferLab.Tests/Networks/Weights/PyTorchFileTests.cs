using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>What torch.save writes is read in both its forms, without libtorch.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private static readonly byte[] Twelve = PyTorchFixture.Floats([.. Enumerable.Range(0, 12).Select(i => (float)i)]);
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tensors_of_one_storage_are_views_of_it_with_strides_of_their_own(bool legacy)
    {
        PickleWriter pickle = new PickleWriter().OrderedDictionary().Op('(')
            .Text("rows").Tensor("FloatStorage", "0", 12, 0, [3, 4], [4, 1], legacy)
            .Text("turned").Tensor("FloatStorage", "0", 12, 0, [4, 3], [1, 4], legacy)
            .Text("part").Tensor("FloatStorage", "0", 12, 5, [2, 2], [4, 2], legacy)
            .Text("repeated").Tensor("FloatStorage", "0", 12, 11, [3], [0], legacy)
            .Text("single").Tensor("FloatStorage", "0", 12, 7, [], [], legacy)
            .Text("none").Tensor("FloatStorage", "0", 12, 0, [0, 4], [4, 1], legacy).Op('u');
        using IWeightFile file = Open(legacy ? PyTorchFixture.Legacy(pickle.End(), ("0", 12, Twelve)) : PyTorchFixture.Zip(pickle.End(), ("0", Twelve)));
        Assert.Equal(legacy ? "PyTorch (legacy)" : "PyTorch", file.Format);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), file.ReadFloats("rows"));
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], file.ReadFloats("turned"));
        Assert.Equal([5, 7, 9, 11], file.ReadFloats("part"));
        Assert.Equal([11, 11, 11], file.ReadFloats("repeated"));
        Assert.Equal([7], file.ReadFloats("single"));
        Assert.Empty(file.ReadFloats("none"));
        Assert.Equal("F32 [4, 3]", file.Tensors["turned"].ToString());
        Assert.Empty(file.LeftOut);
    }

    [Fact]
    public void Parameters_attributes_and_other_types_are_known()
    {
        PickleWriter pickle = new PickleWriter().OrderedDictionary().Op('(')
            .Text("parameter").Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("FloatStorage", "0", 1, 0, [1], [1]).Raw(0x88).OrderedDictionary()
                .Op('t').Op('R')
            .Text("half").Tensor("HalfStorage", "1", 1, 0, [1], [1])
            .Text("brain").Tensor("BFloat16Storage", "2", 1, 0, [1], [1])
            .Text("double").Tensor("DoubleStorage", "3", 1, 0, [1], [1])
            .Text("count").Tensor("LongStorage", "4", 1, 0, [], [])
            .Text("bytes").Global("torch._utils", "_rebuild_tensor_v3").Op('(').Storage("torch.storage.UntypedStorage", "5", 4).Number(0).Tuple(1).Tuple(1)
                .Raw(0x89).OrderedDictionary()
                .Global("torch", "float32").Op('t').Op('R')
            .Op('u').Op('}').Op('(').Text("_metadata").OrderedDictionary().Op('u').Op('b');
        using IWeightFile file = Open(PyTorchFixture.Zip(
            pickle.End(), ("0", PyTorchFixture.Floats(1)), ("1", [0x00, 0x40]), ("2", [0x40, 0x40]), ("3", BitConverter.GetBytes(4.0)),
                ("4", BitConverter.GetBytes(5L)), ("5", PyTorchFixture.Floats(6))));
        Assert.Equal([1f, 2, 3, 4, 6], new[] { "parameter", "half", "brain", "double", "bytes" }.Select(name => file.ReadFloats(name)[0]));
        Assert.Equal(["F32 [1]", "F16 [1]", "BF16 [1]", "F64 [1]", "I64 []", "F32 [1]"], file.Tensors.Values.Select(entry => entry.ToString()));
        Assert.Contains("'count'", Assert.Throws<WeightsException>(() => file.ReadFloats("count")).Message);
        Assert.Contains("'other'", Assert.Throws<WeightsException>(() => file.ReadFloats("other")).Message);
    }

    [Fact]
    public void The_dictionary_of_weights_is_found_among_others_and_what_is_left_out_is_named()
    {
        PickleWriter pickle = new PickleWriter().Op('}').Op('(').Text("epoch").Number(3).Text("best").Number(0.5).Text("note").Op('N')
            .Text("model").Op('}').Op('(').Text("module.w").Tensor("FloatStorage", "0", 12, 1, [1], [1]).Text("version").Number(2).Op('u')
            .Text("ema").Op('}').Op('(').Text("w").Tensor("FloatStorage", "0", 12, 2, [1], [1]).Op('u')
            .Text("optimizer").Op('}').Op('(').Text("state").Op('}').Op('(').Number(0).Op('}').Op('(').Text("step").Tensor("FloatStorage", "0", 12, 3, [], [])
                .Op('u').Op('u').Op('u').Op('u');
        byte[] bytes = PyTorchFixture.Zip(pickle.End(), ("0", Twelve), ("9", [1, 2, 3]));
        using var file = (PyTorchFile)Open(bytes);
        Assert.Equal("model", file.Section);
        Assert.Equal(["model", "ema", "optimizer.state.0"], file.Sections);
        Assert.Equal(
            ["version (a number)", "epoch (a number)", "best (a number)", "note (None)", "ema (a dictionary)", "optimizer (a dictionary)",
                "archive/data/9 (a storage that nothing uses)"],
            file.LeftOut);
        using IWeightFile stripped = RenamedWeights.WithoutPrefix(file, "module.");
        Assert.Equal([1], stripped.ReadFloats("w"));
        using IWeightFile other = WeightFile.Open(file.Path, "ema");
        Assert.Equal([2], other.ReadFloats("w"));
        string message = Assert.Throws<WeightsException>(() => WeightFile.Open(file.Path, "nowhere")).Message;
        Assert.EndsWith("has no tensors under 'nowhere', only under 'model', 'ema', 'optimizer.state.0'", message);
    }

    [Fact]
    public void The_older_dialects_are_understood()
    {
        // Python 2: an OrderedDict is made of a list of pairs, texts are byte strings, and an old storage may be a part of another.
        PickleWriter pickle = new PickleWriter().Global("collections", "OrderedDict").Op('(').Op(']').Op('(')
            .Op(']').Op('(').Op('U').Raw(1, (byte)'w').Global("torch._utils", "_rebuild_tensor").Op('(')
            .Op('(').Text("storage").Global("torch.cuda", "FloatStorage").Text("0").Text("cuda:0").Number(12).Op('(').Text("1").Number(4).Number(6).Op('t')
                .Op('t').Op('Q')
            .Number(1).Tuple(2).Tuple(1).Op('t').Op('R').Op('e').Op('e').Op('t').Op('R');
        using IWeightFile file = Open(PyTorchFixture.Legacy(pickle.End(), ("0", 12, Twelve)));
        Assert.Equal([5, 6], file.ReadFloats("w"));
    }

    [Fact]
    public void Protocol_four_is_read_too()
    {
        byte[] two = new PickleWriter().OrderedDictionary().Op('(').Text("w").Tensor("FloatStorage", "0", 12, 1, [2], [1]).Op('u').End();
        byte[] four = [0x80, 4, 0x95, .. BitConverter.GetBytes((long)two.Length - 2), .. two[2..]];
        using IWeightFile file = Open(PyTorchFixture.Zip(four, ("0", Twelve)));
        Assert.Equal([1, 2], file.ReadFloats("w"));
        PickleWriter named = new PickleWriter().Raw(0x8c, 11).Raw("collections"u8.ToArray()).Raw(0x94, 0x8c, 11).Raw("OrderedDict"u8.ToArray()).Raw(0x94, 0x93)
            .Op(')').Raw(0x81).Op('(')
            .Text("w").Tensor("FloatStorage", "0", 12, 1, [2], [1]).Op('u');
        using IWeightFile other = Open(PyTorchFixture.Zip(named.End(), ("0", Twelve)));
        Assert.Equal([1, 2], other.ReadFloats("w"));
    }

    private IWeightFile Open(byte[] bytes)
    {
        string path = Path.Combine(folder, "file");
        File.WriteAllBytes(path, bytes);
        return WeightFile.Open(path);
    }
}
