using System.Text;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>A file is known by what is in it; a folder by the files that others' tools leave in it.</summary>
public sealed class WeightFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\u0089HDF\r\n", "HDF5")]
    [InlineData("\u001f\u008b\u0008", "gzip")]
    [InlineData("\u0093NUMPY", "NumPy")]
    [InlineData("\u0008\u0007\u0012\u0004", "ONNX")]
    [InlineData("\u0080\u0003}.", "not one of torch.save")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("lmgg\u0001", "GGML")]
    [InlineData("hello", "68656C6C6F")]
    public void What_is_no_file_of_weights_is_called_by_its_name(string content, string expected)
    {
        string path = Save("model.safetensors", Encoding.Latin1.GetBytes(content));
        string message = Assert.Throws<WeightsException>(() => WeightFile.Open(path)).Message;
        Assert.StartsWith($"{path}: is not safetensors, PyTorch or GGUF but ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void The_name_of_a_file_does_not_matter()
    {
        using IWeightFile first = WeightFile.Open(Save("model.bin", Safetensors("a")));
        using IWeightFile second = WeightFile.Open(Save("model.safetensors", GgufFixture.Valid));
        Assert.Equal(("safetensors", "GGUF 3"), (first.Format, second.Format));
        Assert.Contains("only PyTorch files have parts", Assert.Throws<WeightsException>(() => WeightFile.Open(second.Path, "state_dict")).Message);
    }

    [Fact]
    public void A_folder_offers_its_only_file_or_the_usual_one()
    {
        Assert.Contains("holds no weights", Assert.Throws<WeightsException>(() => WeightFile.Open(folder)).Message);
        Save("config.json", "{}"u8.ToArray());
        Save("b.gguf", GgufFixture.Valid);
        WeightFile.Open(folder).Dispose();
        Save("c.gguf", GgufFixture.Valid);
        Assert.EndsWith("name one: b.gguf, c.gguf", Assert.Throws<WeightsException>(() => WeightFile.Open(folder)).Message);
        Save("model.safetensors", Safetensors("a"));
        using IWeightFile file = WeightFile.Open(folder);
        Assert.Equal("safetensors", file.Format);
        Assert.Contains("nowhere", Assert.Throws<WeightsException>(() => WeightFile.Open(Path.Combine(folder, "nowhere"))).Message);
    }

    [Fact]
    public void Shards_are_read_through_their_index()
    {
        Save("model-00001-of-00002.safetensors", Safetensors("a", "b"));
        Save("model-00002-of-00002.safetensors", Safetensors("c"));
        Index("""{"metadata":{"total_size":12},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}}""");
        using IWeightFile file = WeightFile.Open(folder);
        Assert.Equal("safetensors in 2 files", file.Format);
        Assert.Equal(["a", "b", "c"], file.Tensors.Keys);
        Assert.Equal([1], file.ReadFloats("b"));
        Assert.Equal([0], file.ReadFloats("c"));
        Assert.Contains("'d'", Assert.Throws<WeightsException>(() => file.ReadFloats("d")).Message);
    }

    [Theory]
    [InlineData(0x180)] // Its first byte is a pickle's.
    [InlineData(0x4B50)] // "PK", as zip archives begin.
    public void A_header_is_no_pickle_for_its_length(int length)
    {
        string padded = Encoding.UTF8.GetString(Safetensors("a")[8..^4]).PadRight(length);
        Save("one.safetensors", [.. BitConverter.GetBytes((long)length), .. Encoding.UTF8.GetBytes(padded), .. PyTorchFixture.Floats([7])]);
        using (IWeightFile alone = WeightFile.Open(Path.Combine(folder, "one.safetensors")))
        {
            Assert.Equal([7], alone.ReadFloats("a"));
        }

        Index("""{"weight_map":{"a":"one.safetensors"}}""");
        using IWeightFile sharded = WeightFile.Open(folder);
        Assert.Equal([7], sharded.ReadFloats("a"));
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../one.safetensors"}}""", "not the name of a file beside")]
    [InlineData("""{"weight_map":{"a":"/etc/passwd"}}""", "not the name of a file beside")]
    [InlineData("""{"weight_map":{"a":"a\\b"}}""", "not the name of a file beside")]
    [InlineData("""{"weight_map":{"a":".."}}""", "not the name of a file beside")]
    [InlineData("""{"weight_map":{"a":1}}""", "not the name of a file beside")]
    [InlineData("""{"weight_map":{"a":"two.safetensors"}}""", "get that file too")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","x":"one.safetensors"}}""", "does not hold tensor 'x'")]
    [InlineData("""{"weight_map":{"a":"one.safetensors"}}""", "holds tensor 'b', which the index")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}""", "appears twice")]
    [InlineData("""{"weight_map":{},"weight_map":{}}""", "appears twice")]
    [InlineData("""{"weight_map":[]}""", "not an object")]
    [InlineData("""{"model_type":"bert"}""", "without a weight_map")]
    [InlineData("""{"weight_map":{"a":""", "no valid JSON")]
    [InlineData("""{"weight_map":{"a":"model.safetensors.index.json"}}""", "header")]
    public void An_index_that_lies_is_refused(string json, string expected)
    {
        Save("one.safetensors", Safetensors("a", "b"));
        Index(json);
        Assert.Contains(expected, Assert.Throws<WeightsException>(() => WeightFile.Open(folder)).Message);
    }

    [Fact]
    public void Two_tensors_do_not_get_one_name()
    {
        using IWeightFile file = WeightFile.Open(Save("model.bin", Safetensors("module.a", "a")));
        Assert.Contains("would both be 'a'", Assert.Throws<WeightsException>(() => RenamedWeights.WithoutPrefix(file, "module.")).Message);
        RenamedWeights some = new(file, name => name == "a" ? "z" : null);
        Assert.Equal(["module.a (F32 [1])"], some.LeftOut);
        Assert.Equal([1], some.ReadFloats("z"));
    }

    private void Index(string json) => Save("model.safetensors.index.json", Encoding.UTF8.GetBytes(json));

    // Tensor i holds the value i.
    private static byte[] Safetensors(params string[] names)
    {
        string header = "{"
            + string.Join(',', names.Select((name, i) => $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{4 * i},{(4 * i) + 4}]}}")) + "}";
        return [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header),
            .. PyTorchFixture.Floats([.. names.Select((_, i) => (float)i)])];
    }

    private string Save(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
