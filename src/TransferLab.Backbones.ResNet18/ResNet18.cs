using System.Security.Cryptography;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;

namespace TransferLab.Backbones;

/// <summary>
/// ResNet-18 pretrained on ImageNet, with the weights that ML.NET's own featurizer package carries (trained with CNTK). It differs from
/// torchvision's resnet18: the last stage has three blocks, pixels are blue first and not scaled, and a mean image is subtracted.
/// </summary>
public static class ResNet18
{
    /// <summary>The size of the images in pretraining, pixels.</summary>
    public const int PretrainingSize = 224;

    /// <summary>Basic blocks per stage.</summary>
    public static IReadOnlyList<int> BlocksPerStage { get; } = [2, 2, 2, 3];

    /// <summary>The backbone at 224 px; <see cref="ImageNetAt"/> for another size.</summary>
    public static Backbone ImageNet => ImageNetAt(PretrainingSize);

    /// <summary>The backbone for images of another size.</summary>
    /// <param name="imageSize">A multiple of 32, pixels.</param>
    /// <exception cref="WeightsException">The package's files are not beside the program.</exception>
    public static Backbone ImageNetAt(int imageSize)
    {
        if (imageSize < 32 || imageSize % 32 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(imageSize),
                $"The network halves the image five times: use a multiple of 32, 32 or more, not {imageSize}.");
        }

        string weights = PackageFiles.Find("ResNet18Onnx", "ResNet18.onnx");
        float[] mean = OnnxMeanImage.Read(PackageFiles.Find("ResNetPrepOnnx", "ResNetPreprocess.onnx"), "MeanImage", PretrainingSize);
        return new Backbone
        {
            Card = Card(weights),
            Architecture = ResNetArchitecture.Of(BlocksPerStage),
            Build = () => ResNetArchitecture.Build(BlocksPerStage),
            LoadWeights = network => OnnxResNet.LoadWeights(network, weights),
            Encoder = new ImageEncoder(imageSize, mean, order: ChannelOrder.Bgr),
        };
    }

    private static BackboneCard Card(string weights)
    {
        using FileStream file = File.OpenRead(weights);
        return new()
        {
            Name = "resnet18",
            Architecture = "ResNet-18 of basic blocks [2, 2, 2, 3], 512 features",
            Origin = "NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1, file ResNet18.onnx (CNTK 2.6)",
            TrainedOn = "ImageNet (ILSVRC 2012), 1,000 classes of photographs, 224 px",
            Licence = "MIT",
            Sha256 = Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant(),
        };
    }
}
