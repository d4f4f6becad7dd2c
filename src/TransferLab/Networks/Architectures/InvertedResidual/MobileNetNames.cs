using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>MobileNetV2 under the names of Keras, transformers and torchvision, MobileNetV3 under torchvision's.</summary>
internal static class MobileNetNames
{
    /// <summary>Repeats 1 2 3 4 3 3 1, strides 1 2 2 2 1 2 1.</summary>
    private static readonly int[] s_stridesV2 = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];
    private static readonly int[] s_stridesSmall = [2, 2, 1, 2, 1, 1, 1, 1, 2, 1, 1], s_stridesLarge = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1];
    private const int ReluBlocksSmall = 3, ReluBlocksLarge = 6, LastBlock = 320;
    private const double KerasEpsilon = 1e-3;

    /// <summary><c>Conv1/kernel</c>, <c>block_1_expand_BN/gamma</c>: kernels height, width, inputs, outputs.</summary>
    public static PublishedParts? Keras(PublishedModel model)
    {
        if (!model.Weights.Tensors.Keys.Any(name => name.StartsWith("Conv1/kernel", StringComparison.Ordinal)))
        {
            return null;
        }

        MappedWeights weights = KerasNames.Convert(PublishedImages.Weights(model));
        PublishedBlock Block(string name, int i) => new()
        {
            Expand = i > 0 ? (name + "_expand", name + "_expand_BN") : null,
            Depthwise = (name + "_depthwise", name + "_depthwise_BN"),
            Project = (name + "_project", name + "_project_BN"),
            Stride = s_stridesV2[i],
            Activation = Activation.Relu6,
        };
        return V2(weights) with
        {
            Stem = ("Conv1", "bn_Conv1"),
            Blocks = [.. s_stridesV2.Select((_, i) => Block(i == 0 ? "expanded_conv" : $"block_{i}", i))],
            Head = ("Conv_1", "Conv_1_bn"),
            Classifier = "predictions",
            Epsilon = KerasEpsilon,
            SamePadding = true,
            Usual = ImageSettings.Centred,
        };
    }

    /// <summary><c>layer.0.conv_3x3.convolution.weight</c>.</summary>
    public static PublishedParts? TransformersV2(PublishedModel model)
    {
        if (model.ModelType != "mobilenet_v2")
        {
            return null;
        }

        if (!model.Config!.Flag("first_layer_is_expansion", true) || model.Config.Int("output_stride", otherwise: 32) != 32)
        {
            throw new WeightsException(
                $"{model.Path}: a MobileNetV2 whose 'first_layer_is_expansion' is false or whose 'output_stride' is not 32 is not built.");
        }

        static (string, string) Unit(string name) => (name + ".convolution", name + ".normalization");
        PublishedBlock Block(string name, int i) => new()
        {
            Expand = i > 0 ? Unit(name + ".expand_1x1") : null,
            Depthwise = Unit(name + ".conv_3x3"),
            Project = Unit(name + ".reduce_1x1"),
            Stride = s_stridesV2[i],
            Activation = Activation.Relu6,
        };
        return V2(PublishedImages.Weights(model, "mobilenet_v2.")) with
        {
            Stem = Unit("conv_stem.first_conv"),
            Blocks = [.. s_stridesV2.Select((_, i) => Block(i == 0 ? "conv_stem" : $"layer.{i - 1}", i))],
            Head = Unit("conv_1x1"),
            Classifier = "classifier.",
            Epsilon = model.Config.Number("layer_norm_eps", KerasEpsilon),
            SamePadding = model.Config.Flag("tf_padding", true),
            Usual = ImageSettings.Centred,
        };
    }

    /// <summary><c>features.1.conv.0.0.weight</c>.</summary>
    public static PublishedParts? TorchvisionV2(PublishedModel model)
    {
        if (!PublishedImages.Holds(model, "features.1.conv.0.0.weight"))
        {
            return null;
        }

        static PublishedBlock Block(int i)
        {
            string name = $"features.{i + 1}.conv.";
            return new()
            {
                Expand = i > 0 ? (name + "0.0", name + "0.1") : null,
                Depthwise = i > 0 ? (name + "1.0", name + "1.1") : (name + "0.0", name + "0.1"),
                Project = i > 0 ? (name + "2", name + "3") : (name + "1", name + "2"),
                Stride = s_stridesV2[i],
                Activation = Activation.Relu6,
            };
        }

        return V2(PublishedImages.Weights(model)) with
        {
            Stem = ("features.0.0", "features.0.1"),
            Blocks = [.. Enumerable.Range(0, s_stridesV2.Length).Select(Block)],
            Head = ($"features.{s_stridesV2.Length + 1}.0", $"features.{s_stridesV2.Length + 1}.1"),
        };
    }

    /// <summary><c>features.1.block.0.0.weight</c>: small or large.</summary>
    public static PublishedParts? TorchvisionV3(PublishedModel model)
    {
        if (!PublishedImages.Holds(model, "features.1.block.0.0.weight"))
        {
            return null;
        }

        MappedWeights weights = PublishedImages.Weights(model);
        bool small = weights.Tensors.ContainsKey("features.1.block.1.fc1.weight");
        (int[] strides, int relu) = small ? (s_stridesSmall, ReluBlocksSmall) : (s_stridesLarge, ReluBlocksLarge);
        return new()
        {
            Weights = weights,
            Stem = ("features.0.0", "features.0.1"),
            Blocks =
                [.. strides.Select((stride, i) => TorchvisionParts.Block(weights, $"features.{i + 1}.block.", stride, i < relu
                    ? Activation.Relu
                    : Activation.HardSwish))],
            Head = ($"features.{strides.Length + 1}.0", $"features.{strides.Length + 1}.1"),
            Classifier = "classifier.",
            Activation = Activation.HardSwish,
            Epsilon = 1e-3,
            HardSqueeze = true,
            Family = small ? "MobileNetV3-small" : "MobileNetV3-large",
        };
    }

    private static PublishedParts V2(MappedWeights weights) => new()
    {
        Weights = weights,
        Stem = default,
        Blocks = [],
        Head = default,
        Classifier = "classifier.",
        Activation = Activation.Relu6,
        Family = "MobileNetV2",
        LastBlockAtWidthOne = LastBlock,
    };
}
