using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>Residual networks of basic blocks (<see cref="ResNet"/>), described by the blocks of their stages: <c>resnet-2-2-2-3</c>.</summary>
internal sealed partial class ResNetArchitecture : Architecture
{
    /// <inheritdoc/>
    public override string Name => "resnet";

    /// <summary>The network of so many blocks in each of the four stages.</summary>
    public static ArchitectureDescription Of(IReadOnlyList<int> blocksPerStage) => new(new ResNetArchitecture(), "resnet-" + string.Join('-', blocksPerStage));

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(IReadOnlyList<int> blocksPerStage)
    {
        ResNet network = new(blocksPerStage);
        return new(network, network.Groups, network.FeatureWidth) { FollowsInputType = true };
    }

    /// <inheritdoc/>
    public override bool Describes(string description) => Blocks(description) is not null;

    /// <inheritdoc/>
    public override BackboneNetwork Build(string description) => Build(Blocks(description) ?? throw new ArgumentException($"'{description}' describes no residual network."));

    /// <inheritdoc/>
    /// <remarks>Every block's second kernel must be there: they are half of all weights.</remarks>
    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        int[] blocks = Blocks(description)!;
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            long width = 64L << stage;
            for (int block = 0; block < blocks[stage]; block++)
            {
                string kernel = $"layer{stage + 1}.{block}.conv2.weight";
                if (!file.Tensors.TryGetValue(kernel, out TensorEntry? entry) || !entry.Shape.SequenceEqual([width, width, 3, 3]))
                {
                    throw new WeightsException($"{file.Path}: '{kernel}' is missing or of another shape than the architecture '{description}' has; the file is damaged.");
                }
            }
        }
    }

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is ImageEncoder images ? new ResNetGraph(graph, state, images).Add() : throw new NotSupportedException("A residual network is written as ONNX for images alone.");

    private static int[]? Blocks(string name) => Pattern().Match(name) is { Success: true } match
        ? [.. match.Groups[1].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))]
        : null;

    [GeneratedRegex(@"^resnet(?:-([1-9]|[1-9][0-9])){4}$")]
    private static partial Regex Pattern();
}
