using System.Text.Json;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Real published weights of image networks, where they are at hand.</summary>
public sealed class RealImageWeightsTests
{
    [SkippableFact]
    public void Cifar_networks_of_safetensors_and_of_a_legacy_pickle_give_the_same_bits_and_classify_as_published()
    {
        string tensors = Data("weights/cifar10_resnet/resnet20-12fca82f.safetensors"), pickle = Data("weights/cifar10_resnet/resnet20-12fca82f.th");
        string[] classes = [.. Directory.GetDirectories(Data("images/cifar10/test")).Order(StringComparer.Ordinal)];
        Example[] examples =
            [.. classes.SelectMany((folder, label) => Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(60)
                .Select(file => new Example(file, file, label)))];
        Tensor first = Logits(tensors, "", examples), second = Logits(pickle, "module.", examples);
        Assert.True(first.equal(second).all().item<bool>());
        double accuracy = first.argmax(1).eq(tensor([.. examples.Select(example => (long)example.Label)])).to(ScalarType.Float64).mean().item<double>();
        Assert.InRange(accuracy, 0.78, 0.84); // Another program reads 0.808 of 600.
    }

    [SkippableFact]
    public void EfficientNet_Lite0_of_an_old_pickle_gives_the_features_that_another_program_found()
    {
        string folder = Data("weights/efficientnet_lite0");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        JsonElement expected = golden.RootElement.GetProperty("features");
        Backbone backbone = PublishedFiles.Open(Directory.GetFiles(folder, "*.pth").Single());
        using BackboneNetwork network = backbone.CreatePretrained();
        using DisposeScope scope = NewDisposeScope();
        Tensor features = OfStripes(backbone, network);
        Assert.Equal(expected.GetProperty("length").GetInt64(), features.shape[0]);
        Assert.Equal(expected.GetProperty("sum").GetDouble(), features.sum().item<float>(), 0.01);
        Assert.Equal(expected.GetProperty("max").GetDouble(), features.max().item<float>(), 1e-3);
        Assert.All(expected.GetProperty("first8").EnumerateArray().Select((value, i) => (value.GetDouble(), i)), pair =>
            Assert.Equal(pair.Item1, features[pair.i].item<float>(), 1e-4));
    }

    [SkippableFact]
    public void MobileNetV2_of_Keras_is_recognized_with_its_width_padding_and_pixels()
    {
        Backbone backbone = PublishedFiles.Open(Data("weights/mobilenetv2_035/backbone.safetensors"));
        using BackboneNetwork network = backbone.CreatePretrained();
        Assert.Equal("MobileNetV2, width 0.35, 1,280 features", backbone.Card.Architecture);
        Assert.Equal(410_208, network.Module.state_dict().Where(pair => !pair.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Sum(pair => pair.Value.numel()));
        Assert.Contains("127.5", backbone.Encoder.Description, StringComparison.Ordinal);

        // What the layers of Keras give, written down once more in float64 with PyTorch 1.13's functions: padding at the right and the bottom, epsilon 1e-3.
        using Tensor found = OfStripes(backbone, network);
        float[] features = [.. found.data<float>()];
        Assert.Equal(302.067141, features.Sum(), 1e-3);
        Assert.Equal(30.460343, Math.Sqrt(features.Sum(value => (double)value * value)), 1e-4);
        Assert.Equal([0, 0, 0, 0.460602, 5.820779, 0, 0, 0, 0.165251, 3.775852, 0, 0.012286, 5.940522, 0, 0, 0],
            features.Take(16).Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    /// <summary>Features of one image whose bytes are 37 c + 3 i + 5 j.</summary>
    private static Tensor OfStripes(Backbone backbone, BackboneNetwork network)
    {
        network.Module.eval();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        byte[] bytes = [.. from i in Enumerable.Range(0, 224) from j in Enumerable.Range(0, 224) from c in Enumerable.Range(0, 3) select (byte)((37 * c)
            + (3 * i) + (5 * j))];
        Batch images = backbone.Encoder.Normalize(tensor(bytes, [1, 224, 224, 3], ScalarType.Byte), CPU, ScalarType.Float32);
        return network.Prefix(images, network.Groups.Count).Values[0].MoveToOuterDisposeScope();
    }

    private static Tensor Logits(string path, string prefix, Example[] examples)
    {
        Backbone backbone = PublishedFiles.Open(path);
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        using IWeightFile file = WeightFile.Open(path);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Batch images = backbone.Encoder.Normalize(backbone.Encoder.Encode(examples, null, default), CPU, ScalarType.Float32);
        return nn.functional.linear(network.Prefix(images, network.Groups.Count).Values, file.Read(prefix + "linear.weight"), file.Read(prefix + "linear.bias"))
            .MoveToOuterDisposeScope();
    }

    private static string Data(string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", name);
        Skip.IfNot(Path.Exists(path), $"{name} is not under TRANSFERLAB_DATA");
        Runtime.LibTorch.Load();
        return path;
    }
}
