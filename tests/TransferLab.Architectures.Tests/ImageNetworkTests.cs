using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Networks of images compute what the reference programs compute, forward and backward, from published files.</summary>
public sealed class ImageNetworkTests
{
    [Theory]
    [InlineData("resnet18-torchvision", 64)]
    [InlineData("resnet18-timm", 64)]
    [InlineData("resnet50-torchvision", 64)]
    [InlineData("resnet-hf", 64)]
    [InlineData("mobilenetv2-torchvision", 64)]
    [InlineData("mobilenetv2-hf", 96)]
    [InlineData("mobilenetv3-small-torchvision", 64)]
    [InlineData("mobilenetv3-small-050-timm", 64)]
    [InlineData("efficientnet-b0-torchvision", 64)]
    [InlineData("efficientnet-hf", 64)]
    [InlineData("efficientnet-lite0-timm", 64)]
    [InlineData("vit-hf", 32)]
    [InlineData("vit-timm", 32)]
    [InlineData("vit-torchvision", 32)]
    [InlineData("dinov2", 28)]
    [InlineData("dinov2-timm", 28)]
    [InlineData("dinov2-interpolated", 42)]
    [InlineData("dinov2-registers", 28)]
    [InlineData("clip-vision", 32)]
    [InlineData("convnext-hf", 64)]
    [InlineData("convnext-atto-timm", 64)]
    [InlineData("convnext-tiny-torchvision", 64)]
    public void A_network_computes_what_the_reference_computes(string name, int size)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write();
        using PublishedModel model = PublishedModel.Open(golden.Folder);
        PublishedBackbone found = PublishedFiles.Recognize(model, Registry.Known);
        using DisposeScope scope = NewDisposeScope();
        using BackboneNetwork network = found.Architecture.Build();
        StateDictionary.LoadStrict(network.Module.state_dict(), found.Weights);
        network.Module.eval();
        Tensor pixels = ChannelsLast.Of(GoldenNetwork.Pixels(2, size, size));
        Tensor features = network.Module is ConvNext convolutional && name.EndsWith("torchvision", StringComparison.Ordinal)
            ? convolutional.Maps(pixels).mean([2, 3])
            : network.Pool(network.Forward(pixels, 0, network.Groups.Count));
        golden.AssertOutput(golden.Outputs.EnumerateObject().First().Name, features);
        Tensor loss = features.square().mean();
        golden.AssertLoss(loss);
        loss.backward();
        golden.AssertGradients(GradientsOf(network, (MappedWeights)found.Weights));
    }

    [Theory]
    [InlineData("swin")]
    [InlineData("siglip-vision")]
    public void A_family_that_is_not_built_is_refused_by_name(string name)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write();
        string message = Assert.Throws<WeightsException>(() => PublishedFiles.Open(golden.Folder)).Message;
        Assert.Contains(golden.Config.GetProperty("model_type").GetString()!, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>The squared norm of the gradient of all parameters that a published tensor became.</summary>
    private static Func<string, double?> GradientsOf(BackboneNetwork network, MappedWeights weights)
    {
        Dictionary<string, double> squares = [];
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.Module.named_parameters())
        {
            foreach (string origin in weights.Origins[name])
            {
                squares[origin] = squares.GetValueOrDefault(origin)
                    + (parameter.grad is { } gradient ? gradient.to(ScalarType.Float64).square().sum().item<double>() : 0);
            }
        }

        return name => squares.TryGetValue(name, out double square) ? square
            : weights.LeftOut.Any(left => left.StartsWith(name + " (", StringComparison.Ordinal)) ? null
            : throw new InvalidOperationException($"'{name}' is neither in the network nor named as left out.");
    }
}
