using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks.Weights;

[Collection(TorchCollection.Name)]
public sealed class GgufWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;
    private readonly TorchSharp.DisposeScope scope;

    public GgufWriterTests()
    {
        LibTorch.Load();
        scope = NewDisposeScope();
    }

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Metadata_of_every_type_and_tensors_come_back()
    {
        Dictionary<string, object> metadata = new()
        {
            ["general.architecture"] = "llama",
            ["u8"] = (byte)200,
            ["i8"] = (sbyte)-3,
            ["u16"] = (ushort)60000,
            ["i16"] = (short)-3,
            ["u32"] = 4_000_000_000u,
            ["i32"] = -3,
            ["f32"] = 0.1f,
            ["bool"] = true,
            ["u64"] = ulong.MaxValue,
            ["i64"] = -3L,
            ["f64"] = 0.1,
            ["texts"] = new[] { "", "ä\n" },
            ["numbers"] = new[] { 1f, 2 },
            ["ints"] = new[] { 1, -2 },
            ["flags"] = new[] { true, false },
            ["none"] = Array.Empty<string>(),
            ["bytes"] = new byte[] { 1, 2 },
            ["longs"] = new[] { 1L, 2L },
        };
        Tensor values = arange(96, float32).reshape(3, 32) / 7;
        string path = Path.Combine(folder, "file.gguf");
        string[] types = ["F32", "F16", "BF16", "Q8_0", "Q5_0", "Q5_1", "Q4_0", "Q4_1"];
        GgufWriter.Write(path, metadata, [.. types.Select(type => GgufTensor.Of(type, values, type)), GgufTensor.Of("turned", values.t(), "F32"),
            GgufTensor.Of("count", ones(2, int64), "I64")]);
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(metadata.Keys, file.Metadata.Values.Keys);
        Assert.All(metadata, item => Assert.Equal(item.Value, file.Metadata.Values[item.Key]));
        Assert.Equal((-3L, 0.1f, true, 2),
            (file.Metadata.Integer("i8"), (float)file.Metadata.Number("f32")!, file.Metadata.Flag("bool"), file.Metadata.Integers("ints")!.Count));
        Assert.Contains("'u32' are not a text", Assert.Throws<WeightsException>(() => file.Metadata.Text("u32")).Message);
        foreach (var (type, tolerance) in types.Zip([0, 0.01, 0.1, 0.1, 0.5, 0.5, 1, 1]))
        {
            Tensor read = file.Read(type);
            Assert.Equal([3L, 32L], read.shape);
            Assert.InRange((read.to(float32) - values).abs().max().item<float>(), 0, tolerance);
            Assert.Equal(read.to(float32).data<float>().ToArray(), file.ReadFloats(type));
        }

        AssertSame(values.t(), file.Read("turned"));
        Assert.Equal(ScalarType.Int64, file.Read("count").dtype);
        Assert.Equal(ScalarType.BFloat16, file.Read("BF16").dtype);
    }

    [Fact]
    public void Tensors_are_asked_for_one_at_a_time_and_a_failure_leaves_the_old_file()
    {
        string path = Path.Combine(folder, "file.gguf");
        GgufWriter.Write(path, [], [GgufTensor.Of("a", ones(3), "F32")]);
        byte[] before = File.ReadAllBytes(path);
        long live = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        List<long> counts = [];
        GgufTensor Make(string name) => new(name, [32], "Q8_0", () =>
        {
            counts.Add(TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount - live);
            return ones(32);
        });
        GgufWriter.Write(Path.Combine(folder, "other.gguf"), [], [Make("a"), Make("b"), Make("c")]);
        Assert.Equal([0, 0, 0], counts);
        Assert.Throws<InvalidOperationException>(() =>
            GgufWriter.Write(path, [], [Make("a"), new("b", [32], "F32", () => throw new InvalidOperationException())]));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void What_llama_cpp_would_not_read_is_not_written()
    {
        void Fails(string expected, GgufTensor tensor, params (string Key, object Value)[] metadata) =>
            Assert.Contains(expected, Assert.ThrowsAny<Exception>(() => GgufWriter.Write(
                Path.Combine(folder, "file.gguf"), metadata.Select(item => new KeyValuePair<string, object>(item.Key, item.Value)), [tensor])).Message);
        Fails("rows of a multiple of 32", GgufTensor.Of("a", ones(3, 33), "Q8_0"));
        Fails("one to four dimensions", GgufTensor.Of("a", ones([1, 1, 1, 1, 1]), "F32"));
        Fails("64 bytes", GgufTensor.Of(new string('a', 64), ones(1), "F32"));
        Fails("Q4_K is not written", GgufTensor.Of("a", ones(256), "Q4_K"));
        Fails("cannot be written as F32", GgufTensor.Of("a", ones(1, int64), "F32"));
        Fails("above 65504", GgufTensor.Of("a", ones(1) * 1e6f, "F16"));
        Fails("write it as F32", GgufTensor.Of("a", ones(32) * float.NaN, "Q8_0"));
        Fails("was announced", new("a", [2], "F32", () => ones(3)));
        Fails("of type DateTime", GgufTensor.Of("a", ones(1), "F32"), ("when", default(DateTime)));
        Fails("'x'", GgufTensor.Of("a", ones(1), "F32"), ("x", 1), ("x", 2));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Query_and_key_rows_go_to_adjacent_pairs_and_back()
    {
        Tensor rows = arange(16, float32).reshape(8, 2);
        Assert.Equal([0f, 4, 2, 6, 8, 12, 10, 14], RotaryRows.ToPairs(rows, 2).select(1, 0).data<float>().ToArray());
        AssertSame(rows, RotaryRows.ToHalves(RotaryRows.ToPairs(rows, 2), 2));
        Tensor bias = arange(24, float32);
        AssertSame(bias, RotaryRows.ToHalves(RotaryRows.ToPairs(bias, 3), 3));
        Assert.Throws<ArgumentException>(() => RotaryRows.ToPairs(rows, 3));
        GgufMetadata metadata = new("file");
        metadata.TryAdd("general.architecture", "llama");
        metadata.TryAdd("llama.attention.head_count", 9u);
        metadata.TryAdd("llama.attention.head_count_kv", 3u);
        Assert.Equal(
            [9, 3, 3, null, null],
            new[] { "blk.0.attn_q.weight", "blk.12.attn_k.weight", "blk.12.attn_k.bias", "blk.0.attn_v.weight", "blk.0.attn_q_norm.weight" }.Select(name =>
                RotaryRows.Heads(metadata, name)));
        GgufMetadata other = new("file");
        other.TryAdd("general.architecture", "qwen2");
        Assert.Null(RotaryRows.Heads(other, "blk.0.attn_q.weight"));
    }

    [Fact]
    public void An_adapter_fits_the_file_that_it_was_trained_on()
    {
        string path = Path.Combine(folder, "base.gguf");
        GgufWriter.Write(path, [new("general.architecture", "llama")],
            [GgufTensor.Of("blk.0.attn_q.weight", ones(8, 32), "Q8_0"), GgufTensor.Of("blk.0.attn_norm.weight", ones(32), "F32")]);
        using GgufFile baseFile = GgufFile.Open(path);
        string adapter = Path.Combine(folder, "adapter.gguf");
        GgufAdapter.Write(adapter, baseFile, 32, [new("blk.0.attn_q.weight", ones(4, 32), zeros(8, 4))]);
        using GgufFile written = GgufFile.Open(adapter);
        Assert.Equal(("adapter", "llama", "lora", 32.0), (
            written.Metadata.Text("general.type"), written.Metadata.Text("general.architecture"), written.Metadata.Text("adapter.type"),
                written.Metadata.Number("adapter.lora.alpha")));
        Assert.Equal(["F32 [4, 32]", "F32 [8, 4]"], new[] { ".lora_a", ".lora_b" }.Select(end => written.Tensors["blk.0.attn_q.weight" + end].ToString()));
        Assert.Contains("is no tensor", Refusal(new("blk.9.attn_q.weight", ones(4, 32), zeros(8, 4))));
        Assert.Contains("cannot have", Refusal(new("blk.0.attn_norm.weight", ones(4, 32), zeros(8, 4))));
        Assert.Contains("do not make Q8_0 [8, 32]", Refusal(new("blk.0.attn_q.weight", ones(4, 31), zeros(8, 4))));
        Assert.Contains("do not make", Refusal(new("blk.0.attn_q.weight", ones(4, 32), zeros(8, 5))));
        string Refusal(GgufLoraPair pair) =>
            Assert.Throws<WeightsException>(() => GgufAdapter.Write(Path.Combine(folder, "none"), baseFile, 1, [pair])).Message;
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.eq(actual).all().item<bool>());
    }
}
