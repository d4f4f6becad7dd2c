using System.Text.Json;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>Published files, as other programs wrote them: bit for bit, or to the digits that were noted down.</summary>
public sealed class RealWeightsTests
{
    [SkippableFact]
    public void A_legacy_pickle_holds_the_same_bits_as_its_safetensors_copy()
    {
        using IWeightFile expected = WeightFile.Open(Data("weights/cifar10_resnet/resnet20-12fca82f.safetensors"));
        using IWeightFile pickle = RenamedWeights.WithoutPrefix(WeightFile.Open(Data("weights/cifar10_resnet/resnet20-12fca82f.th")), "module.");
        Assert.Equal("PyTorch (legacy)", pickle.Format);
        Assert.Equal(["best_prec1 (a number)"], pickle.LeftOut);
        Assert.Equal(expected.Tensors.Values.Select(entry => (entry.Name, entry.ToString()))
            .Order(), pickle.Tensors.Values.Select(entry => (entry.Name, entry.ToString())).Order());
        Assert.All(expected.Tensors.Keys, name => Assert.Equal(expected.ReadFloats(name), pickle.ReadFloats(name)));
    }

    [SkippableFact]
    public void A_published_pth_is_read_whole()
    {
        using IWeightFile file = WeightFile.Open(Data("weights/efficientnet_lite0/efficientnet-lite0-57934424.pth"));
        Assert.Equal(296, file.Tensors.Count);
        Assert.Empty(file.LeftOut);
        Assert.Equal("F32 [32, 3, 3, 3]", file.Tensors["_conv_stem.weight"].ToString());
        foreach (var entry in file.Tensors.Values.Where(entry => entry.Type == "F32"))
        {
            Assert.All(file.ReadFloats(entry.Name), value => Assert.True(float.IsFinite(value)));
        }
    }

    [SkippableFact]
    public void A_quantised_language_model_has_the_golden_values()
    {
        using var file = (GgufFile)WeightFile.Open(Data("weights/smollm2_135m_instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        Assert.Equal(272, file.Tensors.Count);
        Assert.Equal(49152, file.Metadata.Texts("tokenizer.ggml.tokens")!.Count);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Data("weights/smollm2_135m_instruct/golden.json")));
        foreach (JsonElement tensor in golden.RootElement.GetProperty("tensors").EnumerateArray())
        {
            string name = tensor.GetProperty("name").GetString()!;
            Assert.Equal($"{tensor.GetProperty("type").GetString()} [{string.Join(", ", tensor.GetProperty("shape").EnumerateArray())}]",
                file.Tensors[name].ToString());
            float[] values = file.ReadFloats(name);
            Assert.All(tensor.GetProperty("first").EnumerateArray().Zip(values), pair => Assert.Equal(pair.First.GetSingle(), pair.Second, 1e-6));
            double squares = values.Sum(value => (double)value * value);
            Assert.Equal(tensor.GetProperty("sum_of_squares").GetDouble(), squares, squares * 1e-6);
            Assert.Equal(tensor.GetProperty("sum").GetDouble(), values.Sum(value => (double)value), Math.Sqrt(squares) * 1e-5);
        }
    }

    [SkippableFact]
    public void One_network_in_eight_types_is_nearly_the_same()
    {
        using IWeightFile exact = WeightFile.Open(Data("golden/gguf/tiny-llama-F32.gguf"));
        foreach (var (type, most) in new[] { ("F16", .001), ("BF16", .005), ("Q8_0", .01), ("Q5_1", .05), ("Q5_0", .08), ("Q4_1", .1), ("Q4_0", .15) })
        {
            using IWeightFile file = WeightFile.Open(Data($"golden/gguf/tiny-llama-{type}.gguf"));
            Assert.Equal(exact.Tensors.Keys, file.Tensors.Keys);
            foreach (string name in exact.Tensors.Keys)
            {
                float[] expected = exact.ReadFloats(name);
                double error = expected.Zip(file.ReadFloats(name), (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(value => Math.Pow(value, 2));
                Assert.InRange(Math.Sqrt(error), 0, most);
            }
        }
    }

    private static string Data(string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", name);
        Skip.IfNot(File.Exists(path), $"{name} is not under TRANSFERLAB_DATA");
        return path;
    }
}
