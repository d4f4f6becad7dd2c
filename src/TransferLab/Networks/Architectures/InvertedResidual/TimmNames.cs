using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>MobileNets and EfficientNets under timm's names: <c>blocks.0.0.conv_dw.weight</c>. Ports from TensorFlow (<c>tf_</c>) have its padding and
/// epsilon.</summary>
internal static class TimmNames
{
    private static readonly int[] s_strides = [1, 2, 2, 2, 1, 2, 1], s_stridesSmall = [2, 2, 2, 1, 2];
    private const int ReluStagesSmall = 2, ReluStagesLarge = 3;

    /// <summary>What is found; null where the names are others.</summary>
    public static PublishedParts? Find(PublishedModel model)
    {
        if (!PublishedImages.Holds(model, "conv_stem.weight") || !PublishedImages.Holds(model, "blocks.0.0.conv_dw.weight"))
        {
            return null;
        }

        MappedWeights weights = PublishedImages.Weights(model);
        bool tensorFlow = (model.Options.Architecture ?? model.Config?.Text("architecture"))?.StartsWith("tf_", StringComparison.Ordinal) == true;
        PublishedParts parts = weights.Tensors.ContainsKey("bn2.weight") ? Efficient(weights) : MobileNetV3(weights);
        return tensorFlow ? parts with { Epsilon = 1e-3, SamePadding = true, Usual = ImageSettings.Centred } : parts;
    }

    private static PublishedParts Efficient(MappedWeights weights)
    {
        bool squeezes = weights.Tensors.ContainsKey("blocks.0.0.se.conv_reduce.weight");
        bool mobile = !squeezes && weights.Tensors.ContainsKey("blocks.2.0.conv_dw.weight") && weights.Size("blocks.2.0.conv_dw.weight", 2, 4) == 3;
        Activation activation = squeezes ? Activation.Silu : Activation.Relu6;
        return new()
        {
            Weights = weights,
            Stem = ("conv_stem", "bn1"),
            Blocks = Blocks(weights, s_strides, _ => activation),
            Head = ("conv_head", "bn2"),
            Classifier = "classifier.",
            Activation = activation,
            Family = squeezes ? "EfficientNet" : mobile ? "MobileNetV2" : "EfficientNet-Lite",
            LastBlockAtWidthOne = mobile ? 320 : null,
        };
    }

    private static PublishedParts MobileNetV3(MappedWeights weights)
    {
        bool small = weights.Tensors.ContainsKey("blocks.0.0.se.conv_reduce.weight");
        int[] strides = small ? s_stridesSmall : s_strides[..6];
        return new()
        {
            Weights = weights,
            Stem = ("conv_stem", "bn1"),
            Blocks = Blocks(weights, strides, stage => stage < (small ? ReluStagesSmall : ReluStagesLarge) ? Activation.Relu : Activation.HardSwish),
            Head = ($"blocks.{strides.Length}.0.conv", $"blocks.{strides.Length}.0.bn1"),
            Features = "conv_head",
            Classifier = "classifier.",
            Activation = Activation.HardSwish,
            HardSqueeze = true,
            Family = small ? "MobileNetV3-small" : "MobileNetV3-large",
        };
    }

    private static PublishedBlock[] Blocks(MappedWeights weights, int[] strides, Func<int, Activation> activation) =>
        [.. strides.SelectMany((stride, stage) => Enumerable.Range(0, weights.Count(i => $"blocks.{stage}.{i}.conv_dw.weight"))
            .Select(i => Block(weights, $"blocks.{stage}.{i}.", i == 0 ? stride : 1, activation(stage))))];

    private static PublishedBlock Block(MappedWeights weights, string name, int stride, Activation activation)
    {
        bool expands = weights.Tensors.ContainsKey(name + "conv_pwl.weight");
        return new()
        {
            Expand = expands ? (name + "conv_pw", name + "bn1") : null,
            Depthwise = (name + "conv_dw", name + (expands ? "bn2" : "bn1")),
            Squeeze = weights.Tensors.ContainsKey(name + "se.conv_reduce.weight") ? (name + "se.conv_reduce", name + "se.conv_expand") : null,
            Project = expands ? (name + "conv_pwl", name + "bn3") : (name + "conv_pw", name + "bn2"),
            Stride = stride,
            Activation = activation,
        };
    }
}
