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
        Example[] examples = [.. classes.SelectMany((folder, label) => Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(60).Select(file => new Example(file, file, label)))];
        Tensor first = Logits(tensors, "", examples), second = Logits(pickle, "module.", examples);
        Assert.True(first.equal(second).all().item<bool>());
        double accuracy = first.argmax(1).eq(tensor([.. examples.Select(example => (long)example.Label)])).to(ScalarType.Float64).mean().item<double>();
        Assert.InRange(accuracy, 0.78, 0.84); // Another program reads 0.808 of 600.
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
        return nn.functional.linear(network.Prefix(images, network.Groups.Count).Values, file.Read(prefix + "linear.weight"), file.Read(prefix + "linear.bias")).MoveToOuterDisposeScope();
    }

    private static string Data(string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", name);
        Skip.IfNot(Path.Exists(path), $"{name} is not under TRANSFERLAB_DATA");
        Runtime.LibTorch.Load();
        return path;
    }
}
