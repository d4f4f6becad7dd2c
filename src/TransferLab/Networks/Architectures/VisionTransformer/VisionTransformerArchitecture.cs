using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>Vision transformers (<see cref="VisionTransformer"/>).</summary>
internal sealed class VisionTransformerArchitecture : ShapedArchitecture<VisionTransformerShape>
{
    private const int MostLayers = 200, MostWidth = 1 << 14, MostGrid = 512, MostRegisters = 64;
    private static readonly string[] s_square = ["query", "key", "value", "output"];

    /// <inheritdoc/>
    public override string Name => "vit";

    /// <inheritdoc/>
    public override Recipe Recipe => Recipe.Transformer;

    /// <inheritdoc/>
    public override BackboneNetwork Build(VisionTransformerShape shape)
    {
        VisionTransformer network = new(shape);
        return new(network, network.Groups, shape.Width) { FollowsInputType = true, Pooling = Pooling.First, HoldsExactly = true };
    }

    /// <inheritdoc/>
    internal override PublishedBackbone? Recognize(PublishedModel model) => VisionTransformerNames.Find(model) is { } found
        ? PublishedImages.Of(model, Of(found.Shape), found.Weights, found.Usual, found.Title)
        : null;

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is ImageEncoder images
        ? new VisionTransformerGraph(graph, state, Parse(description)!, images).Add()
        : throw new NotSupportedException("A vision transformer is written as ONNX for images alone.");

    /// <inheritdoc/>
    internal override StepMemory MemoryOf(string description)
    {
        VisionTransformerShape shape = Parse(description)!;
        double[] layer = [.. s_square.Select(_ => shape.Width), shape.FeedForward, shape.Width];
        return StepMemory.Of([.. Enumerable.Repeat(layer, shape.Layers).SelectMany(outputs => outputs).Select(width => width / shape.Patch / shape.Patch)],
            normalizesByBatch: false);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(VisionTransformerShape shape)
    {
        (long width, long feedForward) = (shape.Width, shape.FeedForward);
        yield return ("embeddings.positions", [1, shape.Positions, width]);
        yield return ("embeddings.patches.weight", [width, 3, shape.Patch, shape.Patch]);
        for (int i = 0; i < shape.Layers; i++)
        {
            foreach (string square in s_square)
            {
                yield return ($"layers.{i}.{square}.weight", [width, width]);
            }

            yield return ($"layers.{i}.up.weight", [feedForward, width]);
            yield return ($"layers.{i}.down.weight", [width, feedForward]);
        }
    }

    /// <inheritdoc/>
    protected override bool IsSound(VisionTransformerShape shape) => shape.Layers is >= 1 and <= MostLayers && shape.Width is >= 1 and <= MostWidth
        && shape.Heads >= 1 && shape.Width % shape.Heads == 0 && shape.FeedForward is >= 1 and <= 8 * MostWidth && shape.Patch is >= 1 and <= ImageSizes.Most
        && shape.Grid is >= 1 and <= MostGrid && shape.Registers is >= 0 and <= MostRegisters && shape.Epsilon is > 0 and < 1;
}
