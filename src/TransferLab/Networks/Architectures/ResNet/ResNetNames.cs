using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Residual networks as they are published: with torchvision's names, which timm uses too, with those of the networks for CIFAR (the same without projections),
/// or with transformers'.
/// </summary>
internal static partial class ResNetNames
{
    private const string Transformers = "resnet";
    private static readonly string[] s_heads = ["fc.", "linear.", "classifier."];

    /// <summary>What is found; null where it is no residual network.</summary>
    /// <exception cref="WeightsException">It is one that is not built.</exception>
    public static (ResNetShape Shape, IWeightFile Weights, ImageSettings Usual, string Title)? Find(PublishedModel model)
    {
        bool isTransformers = model.ModelType == Transformers;
        if (!isTransformers && !(PublishedImages.Holds(model, "conv1.weight") && PublishedImages.Holds(model, "layer1.0.conv1.weight")))
        {
            return null;
        }

        MappedWeights weights = PublishedImages.Weights(model, isTransformers ? "resnet." : "");
        weights.Rename(name => s_heads.Any(head => name.StartsWith(head, StringComparison.Ordinal))
            ? null
            : isTransformers
            ? FromTransformers(name)
            : name).WithCounters();
        ResNetShape shape = Shape(weights) with { StridesFirst = model.Config?.Flag("downsample_in_bottleneck", false) == true };
        if (model.Config?.Flag("downsample_in_first_stage", false) == true)
        {
            throw new WeightsException($"{model.Path}: residual networks that stride in their first stage ('downsample_in_first_stage') are not built.");
        }

        return (shape, weights, shape.Small ? ImageSettings.ImageNet with { Size = 32 } : ImageSettings.ImageNet, Title(shape));
    }

    private static ResNetShape Shape(MappedWeights weights)
    {
        int stages = weights.Count(stage => $"layer{stage + 1}.0.conv1.weight");
        bool bottleneck = weights.Tensors.ContainsKey("layer1.0.conv3.weight");
        string last = bottleneck ? "conv3" : "conv2";
        int[] widths = [.. Enumerable.Range(1, stages).Select(stage => weights.Size($"layer{stage}.0.{last}.weight", 0, 4))];
        int stem = weights.Size("conv1.weight", 0, 4);
        bool usual = stem == 64 && widths.Select((width, stage) => width == 64 << stage).All(same => same);
        int[]? inner = bottleneck ? [.. Enumerable.Range(1, stages).Select(stage => weights.Size($"layer{stage}.0.conv2.weight", 0, 4))] : null;
        return new()
        {
            Blocks = [.. Enumerable.Range(1, stages).Select(stage => weights.Count(block => $"layer{stage}.{block}.conv1.weight"))],
            Widths = usual ? null : widths,
            Inner = inner,
            Groups = inner is null ? 1 : inner[0] / weights.Size("layer1.0.conv2.weight", 1, 4),
            Stem = stem,
            Small = weights.Size("conv1.weight", 2, 4) == 3,
            PaddedShortcuts = stages > 1 && !weights.Tensors.ContainsKey("layer2.0.downsample.0.weight"),
        };
    }

    private static string Title(ResNetShape shape)
    {
        int layers = (shape.Blocks.Sum() * (shape.IsBottleneck ? 3 : 2)) + 2;
        string kind = shape.Small ? ", for images of 32 px" : shape.IsBottleneck ? ", of bottlenecks" : "";
        return $"ResNet-{layers}{kind}, {shape.FeatureWidth:N0} features";
    }

    private static string FromTransformers(string name)
    {
        if (Embedder().Match(name) is { Success: true } stem)
        {
            return (stem.Groups[1].Value == "convolution" ? "conv1." : "bn1.") + stem.Groups[2].Value;
        }

        if (Layer().Match(name) is not { Success: true } match)
        {
            return name;
        }

        bool convolves = match.Groups[4].Value == "convolution";
        string layer = match.Groups[3].Value == "shortcut" ? convolves ? "downsample.0" : "downsample.1"
            : (convolves ? "conv" : "bn") + (int.Parse(match.Groups[3].Value[^1..], System.Globalization.CultureInfo.InvariantCulture) + 1);
        return $"layer{int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) + 1}.{match.Groups[2].Value}.{layer}."
            + $"{match.Groups[5].Value}";
    }

    [GeneratedRegex(@"^embedder\.embedder\.(convolution|normalization)\.(\w+)$")]
    private static partial Regex Embedder();

    [GeneratedRegex(@"^encoder\.stages\.([0-9]{1,2})\.layers\.([0-9]{1,3})\.(shortcut|layer\.[0-2])\.(convolution|normalization)\.(\w+)$")]
    private static partial Regex Layer();
}
