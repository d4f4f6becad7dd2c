using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>EfficientNets under the names of transformers, torchvision and lukemelas' EfficientNet-PyTorch.</summary>
internal static class EfficientNetNames
{
    private static readonly int[] s_strides = [1, 2, 2, 2, 1, 2, 1];
    private const double TensorFlowEpsilon = 1e-3;
    private const int MostBlocks = 200;

    /// <summary>From this width of the first convolution on (B5), torchvision's networks have TensorFlow's epsilon.</summary>
    private const int WideStem = 48;

    /// <summary><c>encoder.blocks.0.depthwise_conv.depthwise_conv.weight</c>.</summary>
    public static PublishedParts? Transformers(PublishedModel model)
    {
        if (model.ModelType != "efficientnet")
        {
            return null;
        }

        PublishedConfig config = model.Config!;
        MappedWeights weights = PublishedImages.Weights(model, "efficientnet.");
        double depth = config.Number("depth_coefficient", 2);
        IReadOnlyList<double> repeats = config.Numbers("num_block_repeats") ?? [1, 2, 2, 3, 3, 4, 1], strides = config.Numbers("strides")
            ?? [.. s_strides.Select(stride => (double)stride)];
        if (config.Text("hidden_act") is not (null or "swish" or "silu") || repeats.Count != strides.Count || !(depth is > 0 and < 16)
            || repeats.Any(repeat => !(repeat is >= 1 and < MostBlocks))
            || strides.Any(stride => stride is not (1 or 2)))
        {
            throw new WeightsException(
                $"{config.File}: an EfficientNet with these 'hidden_act', 'num_block_repeats', 'strides' and 'depth_coefficient' is not built.");
        }

        List<PublishedBlock> blocks = [];
        for (int stage = 0; stage < repeats.Count; stage++)
        {
            for (int i = 0; i < (int)Math.Ceiling(depth * repeats[stage]); i++)
            {
                string name = $"encoder.blocks.{blocks.Count}.";
                blocks.Add(new()
                {
                    Expand = weights.Tensors.ContainsKey(name + "expansion.expand_conv.weight")
                        ? (name + "expansion.expand_conv", name + "expansion.expand_bn")
                        : null,
                    Depthwise = (name + "depthwise_conv.depthwise_conv", name + "depthwise_conv.depthwise_norm"),
                    Squeeze = (name + "squeeze_excite.reduce", name + "squeeze_excite.expand"),
                    Project = (name + "projection.project_conv", name + "projection.project_bn"),
                    Stride = i == 0 ? (int)strides[stage] : 1,
                    Activation = Activation.Silu,
                    IsNeverResidual = i == 0,
                });
            }
        }

        return new()
        {
            Weights = weights,
            Stem = ("embeddings.convolution", "embeddings.batchnorm"),
            Blocks = blocks,
            Head = ("encoder.top_conv", "encoder.top_bn"),
            Classifier = "classifier.",
            Activation = Activation.Silu,
            Epsilon = config.Number("batch_norm_eps", TensorFlowEpsilon),
            SamePadding = true,
            Family = "EfficientNet",
        };
    }

    /// <summary><c>features.1.0.block.0.0.weight</c>.</summary>
    public static PublishedParts? Torchvision(PublishedModel model)
    {
        if (!PublishedImages.Holds(model, "features.1.0.block.0.0.weight") || !PublishedImages.Holds(model, "features.1.0.block.0.1.running_mean"))
        {
            return null;
        }

        MappedWeights weights = PublishedImages.Weights(model);
        string last = $"features.{s_strides.Length + 1}.";
        return new()
        {
            Weights = weights,
            Stem = ("features.0.0", "features.0.1"),
            Blocks = [.. s_strides.SelectMany((stride, stage) => Enumerable.Range(0, weights.Count(i => $"features.{stage + 1}.{i}.block.0.0.weight"))
                .Select(i => TorchvisionParts.Block(weights, $"features.{stage + 1}.{i}.block.", i == 0 ? stride : 1, Activation.Silu)))],
            Head = (last + "0", last + "1"),
            Classifier = "classifier.",
            Activation = Activation.Silu,
            Epsilon = weights.Size("features.0.0.weight", 0, 4) >= WideStem ? TensorFlowEpsilon : 1e-5,
            Family = "EfficientNet",
        };
    }

    /// <summary><c>_blocks.0._depthwise_conv.weight</c>: without squeeze-and-excitation it is EfficientNet-Lite.</summary>
    public static PublishedParts? Lukemelas(PublishedModel model)
    {
        if (!PublishedImages.Holds(model, "_conv_stem.weight") || !PublishedImages.Holds(model, "_blocks.0._depthwise_conv.weight"))
        {
            return null;
        }

        MappedWeights weights = PublishedImages.Weights(model);
        bool lite = !weights.Tensors.ContainsKey("_blocks.0._se_reduce.weight");
        Activation activation = lite ? Activation.Relu6 : Activation.Silu;
        List<PublishedBlock> blocks = [];
        int stage = -1, width = 0;
        for (int i = 0; i < weights.Count(block => $"_blocks.{block}._depthwise_conv.weight"); i++)
        {
            string name = $"_blocks.{i}.";
            int outputs = weights.Size(name + "_project_conv.weight", 0, 4);
            bool first = outputs != width;                                     // Each stage has a width of its own.
            (stage, width) = (first ? stage + 1 : stage, outputs);
            blocks.Add(new()
            {
                Expand = weights.Tensors.ContainsKey(name + "_expand_conv.weight") ? (name + "_expand_conv", name + "_bn0") : null,
                Depthwise = (name + "_depthwise_conv", name + "_bn1"),
                Squeeze = lite ? null : (name + "_se_reduce", name + "_se_expand"),
                Project = (name + "_project_conv", name + "_bn2"),
                Stride = !first
                    ? 1
                    : stage < s_strides.Length
                    ? s_strides[stage]
                    : throw new WeightsException($"{weights.Path}: more than {s_strides.Length} stages; an EfficientNet has no more."),
                Activation = activation,
            });
        }

        return new()
        {
            Weights = weights,
            Stem = ("_conv_stem", "_bn0"),
            Blocks = blocks,
            Head = ("_conv_head", "_bn1"),
            Classifier = "_fc.",
            Activation = activation,
            Epsilon = TensorFlowEpsilon,
            SamePadding = true,
            Usual = lite ? ImageSettings.Lite : ImageSettings.ImageNet,
            Family = lite ? "EfficientNet-Lite" : "EfficientNet",
        };
    }
}
