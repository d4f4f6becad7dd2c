using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>ConvNeXts (<see cref="ConvNext"/>).</summary>
internal sealed class ConvNextArchitecture : ShapedArchitecture<ConvNextShape>
{
    private const int MostStages = 8, MostDepth = 200, MostChannels = 1 << 14, MostPatch = 64;

    /// <inheritdoc/>
    public override string Name => "convnext";

    /// <inheritdoc/>
    public override Recipe Recipe => Recipe.Transformer;

    /// <inheritdoc/>
    public override BackboneNetwork Build(ConvNextShape shape)
    {
        ConvNext network = new(shape);
        return new(network, network.Groups, shape.Widths[^1]) { FollowsInputType = true, HoldsExactly = true };
    }

    /// <inheritdoc/>
    internal override PublishedBackbone? Recognize(PublishedModel model) => ConvNextNames.Find(model) is { } found
        ? PublishedImages.Of(model, Of(found.Shape), found.Weights, ImageSettings.ImageNet, found.Title)
        : null;

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is ImageEncoder images
        ? new ConvNextGraph(graph, state, Parse(description)!, images).Add()
        : throw new NotSupportedException("A ConvNeXt is written as ONNX for images alone.");

    /// <inheritdoc/>
    internal override StepMemory MemoryOf(string description)
    {
        ConvNextShape shape = Parse(description)!;
        return StepMemory.Of([.. shape.Blocks.SelectMany(at => new double[] { 1, 4, 1 }.Select(times =>
            times * shape.Widths[at.Stage] / Math.Pow(shape.Patch << at.Stage, 2)))], normalizesByBatch: false);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(ConvNextShape shape)
    {
        foreach (((int stage, int block), int i) in shape.Blocks.Select((at, i) => (at, i)))
        {
            long width = shape.Widths[stage];
            if (stage > 0 && block == 0)
            {
                yield return ($"blocks.{i}.reduce.weight", [width, shape.Widths[stage - 1], 2, 2]);
            }

            yield return ($"blocks.{i}.up.weight", [4 * width, width]);
            yield return ($"blocks.{i}.down.weight", [width, 4 * width]);
        }
    }

    /// <inheritdoc/>
    protected override bool IsSound(ConvNextShape shape) => shape.Depths.Count is >= 1 and <= MostStages && shape.Widths.Count == shape.Depths.Count
        && shape.Depths.All(depth => depth is >= 1 and <= MostDepth) && shape.Widths.All(width => width is >= 1 and <= MostChannels)
        && shape.Patch is >= 1 and <= MostPatch && shape.Epsilon is > 0 and < 1 && shape.LastEpsilon is > 0 and < 1;
}
