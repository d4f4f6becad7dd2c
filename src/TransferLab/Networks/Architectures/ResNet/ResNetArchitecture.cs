using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Residual networks (<see cref="ResNet"/>). Those of basic blocks and usual widths are described by the blocks of their stages alone: <c>resnet-2-2-2-3</c>.
/// </summary>
internal sealed partial class ResNetArchitecture : ShapedArchitecture<ResNetShape>
{
    private const int MostStages = 8, MostBlocks = 99, MostChannels = 1 << 14;

    /// <inheritdoc/>
    public override string Name => "resnet";

    /// <summary>The network of so many blocks in each of the four stages.</summary>
    public static ArchitectureDescription Of(IReadOnlyList<int> blocksPerStage) => new ResNetArchitecture().Of(new ResNetShape { Blocks = blocksPerStage });

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(IReadOnlyList<int> blocksPerStage) => new ResNetArchitecture().Build(new ResNetShape { Blocks = blocksPerStage });

    /// <inheritdoc/>
    public override ArchitectureDescription Of(ResNetShape shape) =>
        shape is { IsPlain: true, Blocks.Count: 4 } ? new(this, "resnet-" + string.Join('-', shape.Blocks)) : base.Of(shape);

    /// <inheritdoc/>
    public override BackboneNetwork Build(ResNetShape shape)
    {
        ResNet network = new(shape);
        return new(network, network.Groups, network.FeatureWidth) { FollowsInputType = true };
    }

    /// <inheritdoc/>
    internal override PublishedBackbone? Recognize(PublishedModel model) => ResNetNames.Find(model) is { } found
        ? PublishedImages.Of(model, Of(found.Shape), found.Weights, found.Usual, found.Title)
        : null;

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is ImageEncoder images
        ? new ResNetGraph(graph, state, Parse(description)!, images).Add()
        : throw new NotSupportedException("A residual network is written as ONNX for images alone.");

    /// <inheritdoc/>
    protected override ResNetShape? ParseOlder(string description) => Pattern().Match(description) is { Success: true } match
        ? new() { Blocks = [.. match.Groups[1].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))] }
        : null;

    /// <inheritdoc/>
    internal override StepMemory MemoryOf(string description)
    {
        ResNetShape shape = Parse(description)!;
        double stem = shape.Small ? 1 : 2, first = shape.Small ? 1 : 4;
        List<double> outputs = [shape.Stem / stem / stem];
        for (int stage = 0; stage < shape.Blocks.Count; stage++)
        {
            double pixels = Math.Pow(first * (1 << stage), 2), width = shape.WidthOf(stage) / pixels, inner = (shape.Inner?[stage] ?? 0) / pixels;
            for (int block = 0; block < shape.Blocks[stage]; block++)
            {
                outputs.AddRange(shape.IsBottleneck ? [inner, inner, width] : [width, width]);
                outputs.AddRange(shape.HasProjection(stage, block) ? [width] : []);
            }
        }

        return StepMemory.Of(outputs, normalizesByBatch: true);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(ResNetShape shape)
    {
        for (int stage = 0; stage < shape.Blocks.Count; stage++)
        {
            long width = shape.Inner?[stage] ?? shape.WidthOf(stage);
            for (int block = 0; block < shape.Blocks[stage]; block++)
            {
                yield return ($"layer{stage + 1}.{block}.conv2.weight", [width, width / shape.Groups, 3, 3]);
                if (shape.IsBottleneck)
                {
                    yield return ($"layer{stage + 1}.{block}.conv3.weight", [shape.WidthOf(stage), width, 1, 1]);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override bool IsSound(ResNetShape shape) => shape.Blocks.Count is >= 1 and <= MostStages
        && shape.Blocks.All(blocks => blocks is >= 1 and <= MostBlocks)
        && IsSound(shape.Stem) && (shape.Widths is null || Fits(shape, shape.Widths)) && (shape.Inner is null ? shape.Groups == 1 : Fits(shape, shape.Inner))
        && shape.Groups >= 1 && (shape.Inner is null || shape.Inner.All(width => width % shape.Groups == 0))
        && (!shape.PaddedShortcuts
            || (shape.Stem == shape.WidthOf(0) && Enumerable.Range(1, shape.Blocks.Count - 1).All(stage => shape.WidthOf(stage) >= shape.WidthOf(stage - 1)
                && (shape.WidthOf(stage) - shape.WidthOf(stage - 1)) % 2 == 0)));

    private static bool Fits(ResNetShape shape, IReadOnlyList<int> widths) => widths.Count == shape.Blocks.Count && widths.All(IsSound);

    private static bool IsSound(int channels) => channels is >= 1 and <= MostChannels;

    [GeneratedRegex(@"^resnet(?:-([1-9]|[1-9][0-9])){4}$")]
    private static partial Regex Pattern();
}
