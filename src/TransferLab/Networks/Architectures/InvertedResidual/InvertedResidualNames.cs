using System.Globalization;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>Networks of inverted residuals as they are published, under seven ways of naming their tensors.</summary>
internal static class InvertedResidualNames
{
    private static readonly Func<PublishedModel, PublishedParts?>[] s_ways =
    [
        MobileNetNames.Keras, MobileNetNames.TransformersV2, MobileNetNames.TorchvisionV2, MobileNetNames.TorchvisionV3,
        EfficientNetNames.Transformers, EfficientNetNames.Torchvision, EfficientNetNames.Lukemelas, TimmNames.Find,
    ];

    /// <summary>What is found; null where it is no such network.</summary>
    /// <exception cref="WeightsException">It is one, and damaged or of a kind that is not built.</exception>
    public static (InvertedResidualShape Shape, IWeightFile Weights, ImageSettings Usual, string Title)? Find(PublishedModel model)
    {
        PublishedParts? parts = s_ways.Select(way => way(model)).FirstOrDefault(found => found is not null);
        if (parts is null)
        {
            return null;
        }

        InvertedResidualShape shape = Shape(parts);
        return (shape, Renamed(parts), parts.Usual, Title(parts, shape));
    }

    private static InvertedResidualShape Shape(PublishedParts parts)
    {
        MappedWeights weights = parts.Weights;
        int channels = weights.Size(parts.Stem.Convolution + ".weight", 0, 4);
        List<string> blocks = [];
        foreach (PublishedBlock block in parts.Blocks)
        {
            int outputs = weights.Size(block.Project.Convolution + ".weight", 0, 4);
            blocks.Add(new InvertedResidualBlockShape(
                weights.Size(block.Depthwise.Convolution + ".weight", 2, 4),
                block.Stride,
                block.Expand is { } expand ? weights.Size(expand.Convolution + ".weight", 0, 4) : 0,
                outputs,
                block.Squeeze is { } squeeze ? weights.Size(squeeze.Reduce + ".weight", 0, 4) : 0,
                block.Activation,
                !block.IsNeverResidual && block.Stride == 1 && outputs == channels).ToString());
            channels = outputs;
        }

        return new()
        {
            Stem = weights.Size(parts.Stem.Convolution + ".weight", 0, 4),
            StemActivation = parts.Activation,
            Blocks = blocks,
            Head = weights.Size(parts.Head.Convolution + ".weight", 0, 4),
            HeadActivation = parts.Activation,
            Features = parts.Features is { } features ? weights.Size(features + ".weight", 0, 4) : null,
            Epsilon = parts.Epsilon,
            SamePadding = parts.SamePadding,
            HardSqueeze = parts.HardSqueeze,
        };
    }

    private static MappedWeights Renamed(PublishedParts parts)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        void Unit((string Convolution, string Norm) from, string to) => (names[from.Convolution], names[from.Norm]) = (to + ".conv", to + ".norm");
        Unit(parts.Stem, "stem");
        Unit(parts.Head, "head");
        foreach ((PublishedBlock block, int i) in parts.Blocks.Select((block, i) => (block, i)))
        {
            Unit(block.Depthwise, $"blocks.{i}.depthwise");
            Unit(block.Project, $"blocks.{i}.project");
            if (block.Expand is { } expand)
            {
                Unit(expand, $"blocks.{i}.expand");
            }

            if (block.Squeeze is { } squeeze)
            {
                (names[squeeze.Reduce], names[squeeze.Expand]) = ($"blocks.{i}.squeeze.reduce", $"blocks.{i}.squeeze.expand");
            }
        }

        if (parts.Features is { } features)
        {
            names[features] = "features";
        }

        MappedWeights weights = parts.Weights.Rename(name => name.LastIndexOf('.') is > 0 and var dot && names.TryGetValue(name[..dot], out string? found)
            ? found + name[dot..]
            : name.StartsWith(parts.Classifier, StringComparison.Ordinal) ? null
            : name);
        if (parts.Features is not null)
        {
            long[] shape = [.. weights.Tensors["features.weight"].Shape.Take(2)];
            weights.Turn("features.weight", shape, kernel => kernel.view(shape));
        }

        return weights.WithCounters();
    }

    private static string Title(PublishedParts parts, InvertedResidualShape shape)
    {
        double? width = parts.LastBlockAtWidthOne is { } full ? InvertedResidualBlockShape.Parse(shape.Blocks[^1])!.Outputs / full : null;
        return string.Create(CultureInfo.InvariantCulture,
            $"{parts.Family}{(width is { } share ? $", width {share:0.##}" : "")}, {shape.FeatureWidth:N0} features");
    }
}
