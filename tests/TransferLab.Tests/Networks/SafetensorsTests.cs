using TorchSharp;
using TorchSharp.PyBridge;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;
    private readonly DisposeScope scope;

    public SafetensorsTests()
    {
        LibTorch.Load();
        scope = NewDisposeScope();
    }

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_comes_back_as_it_was(ScalarType type)
    {
        var values = tensor(new[] { 0f, 1, 2, 100, 7, 1 }).reshape(2, 3).to(type);
        string path = Write(("m", values), ("single", values[0, 1]), ("none", values.narrow(0, 0, 0)), ("turned", values.t()));
        using var file = SafetensorsFile.Open(path);
        AssertSame(values, file.Read("m"));
        AssertSame(values[0, 1], file.Read("single"));
        AssertSame(values.narrow(0, 0, 0), file.Read("none"));
        AssertSame(values.t(), file.Read("turned"));
        Assert.Equal([0L, 3L], file.Tensors["none"].Shape);
        Assert.Empty(file.Tensors["single"].Shape);
    }

    [Fact]
    public void The_same_tensors_give_the_same_aligned_bytes_in_any_order()
    {
        var (a, b, c) = (ones(3), ones(5, int8), zeros(2, int64));
        var metadata = new Dictionary<string, string> { ["z"] = "1", ["a"] = "\"ä\n" };
        byte[] first = File.ReadAllBytes(Write(metadata, ("a", a), ("b", b), ("c", c)));
        byte[] second = File.ReadAllBytes(Write(new Dictionary<string, string> { ["a"] = "\"ä\n", ["z"] = "1" }, ("c", c), ("b", b), ("a", a)));
        Assert.Equal(first, second);
        Assert.Equal(0, BitConverter.ToInt64(first) % 8);
        using var file = SafetensorsFile.Open(Path.Combine(folder, "file.safetensors"));
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(["c", "a", "b"], file.Tensors.Values.OrderBy(entry => entry.Begin).Select(entry => entry.Name));
    }

    [Fact]
    public void Nothing_to_write_is_a_file_too()
    {
        using var file = SafetensorsFile.Open(Write());
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = Write(("a", ones(3)));
        byte[] before = File.ReadAllBytes(path);
        Assert.ThrowsAny<Exception>(() => Write(("a", ones(4)), ("b", empty(2, device: META))));
        Assert.Throws<ArgumentException>(() => Write(("a", ones(3)), ("a", ones(3))));
        Assert.Throws<ArgumentException>(() => Write(("__metadata__", ones(3))));
        Assert.Throws<ArgumentException>(() => Write(("\ud800", ones(3))));
        Assert.Throws<ArgumentException>(() => Write(("c", zeros(1, complex64))));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder));

        Directory.CreateDirectory(Path.Combine(folder, "taken"));
        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Write(Path.Combine(folder, "taken"), [("a", ones(3))]));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_bool_that_is_none_is_refused()
    {
        string path = Write(("a", ones(3, @bool)));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] = 2;
        File.WriteAllBytes(path, bytes);
        using var file = SafetensorsFile.Open(path);
        Assert.Contains("'a'", Assert.Throws<WeightsException>(() => file.Read("a")).Message);
    }

    [Fact]
    public void Reading_and_writing_leak_no_tensor()
    {
        var weights = ones(10, 10);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 5; i++)
        {
            using var turned = weights.t();
            using var file = SafetensorsFile.Open(Write(("a", turned)));
            file.Read("a").Dispose();
            StateDictionary.LoadStrict(new Dictionary<string, Tensor> { ["a"] = weights }, file);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Weights_are_loaded_under_a_prefix_and_keep_the_networks_type()
    {
        var target = new Dictionary<string, Tensor> { ["w"] = nn.Parameter(zeros(2, 3)), ["n"] = zeros(1, int64) };
        string path = Write(("net.w", rand(2, 3).to(float16)), ("net.n", ones(1, int64)), ("other", ones(9)));
        using var file = SafetensorsFile.Open(path);
        StateDictionary.LoadStrict(target, file, "net.");
        AssertSame(file.Read("net.w").to(float32), target["w"].detach());
        Assert.Equal(1, target["n"].item<long>());
        Assert.True(target["w"].requires_grad);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_all_named_and_change_nothing()
    {
        var target = new Dictionary<string, Tensor>
        {
            ["w"] = zeros(2, 3),
            ["fits"] = zeros(2),
            ["gone"] = zeros(1),
            ["lost"] = zeros(1),
            ["n"] = zeros(1, int64),
        };
        string path = Write(("w", ones(1, 3)), ("fits", ones(2)), ("extra", ones(1)), ("surplus", ones(1)), ("n", ones(1)));
        using var file = SafetensorsFile.Open(path);
        string message = Assert.Throws<WeightsException>(() => StateDictionary.LoadStrict(target, file)).Message;
        Assert.Equal(
            $"{path}: the weights do not fit the network; missing: gone, lost; unexpected: extra, surplus; "
            + "of another shape or type: n (F32 [1] for I64 [1]), w (F32 [1, 3] for F32 [2, 3])",
            message);
        Assert.All(target.Values, tensor => Assert.Equal(0, tensor.sum().to(float32).item<float>()));
    }

    [Fact]
    public void Another_implementation_reads_what_is_written_and_writes_what_is_read()
    {
        using var source = nn.Linear(3, 2);
        using var copy = nn.Linear(3, 2);
        string path = Write(source.state_dict().Select(item => (item.Key, item.Value)).ToArray());
        copy.load_safetensors(path);
        AssertSame(source.weight!, copy.weight!);

        nn.init.zeros_(copy.weight!);
        source.save_safetensors(path);
        using var file = SafetensorsFile.Open(path);
        StateDictionary.LoadStrict(copy.state_dict(), file);
        AssertSame(source.weight!, copy.weight!);
        AssertSame(source.bias!, copy.bias!);
    }

    [SkippableTheory]
    [InlineData("weights/mobilenetv2_035/backbone.safetensors")]
    [InlineData("weights/cifar10_resnet/resnet20-12fca82f.safetensors")]
    public void Files_of_the_reference_writer_are_read(string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", name);
        Skip.IfNot(File.Exists(path), $"{name} is not under TRANSFERLAB_DATA");
        using var file = SafetensorsFile.Open(path);
        Assert.NotEmpty(file.Tensors);
        foreach (var entry in file.Tensors.Values.Where(entry => entry.Type == "F32"))
        {
            using var tensor = file.Read(entry.Name);
            Assert.Equal(file.ReadFloats(entry.Name), tensor.data<float>().ToArray());
            Assert.True(tensor.isfinite().all().item<bool>());
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.eq(actual).all().item<bool>());
    }

    private string Write(params (string, Tensor)[] tensors) => Write(null, tensors);

    private string Write(Dictionary<string, string>? metadata, params (string, Tensor)[] tensors)
    {
        string path = Path.Combine(folder, "file.safetensors");
        SafetensorsWriter.Write(path, tensors, metadata);
        return path;
    }
}
