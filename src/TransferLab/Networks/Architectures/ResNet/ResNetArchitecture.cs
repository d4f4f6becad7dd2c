using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Networks.Architectures;

/// <summary>Names and builds residual networks, so that a saved model can say what it is: <c>resnet-2-2-2-3</c>.</summary>
public static partial class ResNetArchitecture
{
    /// <summary>The name of a residual network of basic blocks.</summary>
    public static string Name(IReadOnlyList<int> blocksPerStage) => "resnet-" + string.Join('-', blocksPerStage);

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(IReadOnlyList<int> blocksPerStage)
    {
        ResNet network = new(blocksPerStage);
        return new(network, network.Groups, network.FeatureWidth) { FollowsInputType = true };
    }

    /// <summary>
    /// Builds the network of a file's weights. A name of a few letters can stand for gigabytes, so the file must hold every block's second
    /// kernel, half of all weights, before anything is allocated.
    /// </summary>
    /// <exception cref="WeightsException">The name is not of this family, or the file does not hold the network.</exception>
    internal static BackboneNetwork BuildFor(SafetensorsFile file, string name)
    {
        int[] blocks = Blocks(name) ?? throw new WeightsException($"{file.Path}: the architecture '{name}' is not known to this version.");
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            long width = 64L << stage;
            for (int block = 0; block < blocks[stage]; block++)
            {
                string kernel = $"layer{stage + 1}.{block}.conv2.weight";
                if (!file.Tensors.TryGetValue(kernel, out TensorEntry? entry) || !entry.Shape.SequenceEqual([width, width, 3, 3]))
                {
                    throw new WeightsException($"{file.Path}: '{kernel}' is missing or of another shape than the architecture '{name}' has; the file is damaged.");
                }
            }
        }

        using RandomState random = RandomState.Seeded(0);
        return Build(blocks);
    }

    private static int[]? Blocks(string name) => Pattern().Match(name) is { Success: true } match
        ? [.. match.Groups[1].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))]
        : null;

    [GeneratedRegex(@"^resnet(?:-([1-9]|[1-9][0-9])){4}$")]
    private static partial Regex Pattern();
}
