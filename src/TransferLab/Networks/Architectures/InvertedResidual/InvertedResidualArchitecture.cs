using TransferLab.Networks.Onnx;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>Networks of inverted residuals (<see cref="InvertedResidualNetwork"/>): MobileNetV2 and V3, EfficientNet, EfficientNet-Lite.</summary>
internal sealed class InvertedResidualArchitecture : ShapedArchitecture<InvertedResidualShape>
{
    private const int MostBlocks = 200, MostChannels = 1 << 14;

    /// <inheritdoc/>
    public override string Name => "inverted-residual";

    /// <inheritdoc/>
    public override BackboneNetwork Build(InvertedResidualShape shape)
    {
        InvertedResidualNetwork network = new(shape);
        return new(network, network.Groups, shape.FeatureWidth) { FollowsInputType = true };
    }

    /// <inheritdoc/>
    internal override PublishedBackbone? Recognize(PublishedModel model) => InvertedResidualNames.Find(model) is { } found
        ? PublishedImages.Of(model, Of(found.Shape), found.Weights, found.Usual, found.Title)
        : null;

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is ImageEncoder images
        ? new InvertedResidualGraph(graph, state, Parse(description)!, images).Add()
        : throw new NotSupportedException("A network of inverted residuals is written as ONNX for images alone.");

    /// <inheritdoc/>
    internal override StepMemory MemoryOf(string description)
    {
        InvertedResidualShape shape = Parse(description)!;
        double stride = 2, channels = shape.Stem;
        List<double> outputs = [channels / stride / stride];
        foreach (InvertedResidualBlockShape block in shape.Blocks.Select(text => InvertedResidualBlockShape.Parse(text)!))
        {
            channels = block.Expanded > 0 ? block.Expanded : channels;
            outputs.AddRange(block.Expanded > 0 ? [channels / stride / stride] : []);
            stride *= block.Stride;
            outputs.AddRange([channels / stride / stride, block.Outputs / stride / stride]);
            channels = block.Outputs;
        }

        return StepMemory.Of([.. outputs, shape.Head / stride / stride], normalizesByBatch: true);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(InvertedResidualShape shape)
    {
        long channels = shape.Stem;
        for (int i = 0; i < shape.Blocks.Count; i++)
        {
            InvertedResidualBlockShape block = InvertedResidualBlockShape.Parse(shape.Blocks[i])!;
            if (block.Expanded > 0)
            {
                yield return ($"blocks.{i}.expand.conv.weight", [block.Expanded, channels, 1, 1]);
                channels = block.Expanded;
            }

            yield return ($"blocks.{i}.project.conv.weight", [block.Outputs, channels, 1, 1]);
            if (block.Squeezed > 0)
            {
                yield return ($"blocks.{i}.squeeze.reduce.weight", [block.Squeezed, channels, 1, 1]);
            }

            channels = block.Outputs;
        }

        yield return ("head.conv.weight", [shape.Head, channels, 1, 1]);
        if (shape.Features is { } width)
        {
            yield return ("features.weight", [width, shape.Head]);
        }
    }

    /// <inheritdoc/>
    protected override bool IsSound(InvertedResidualShape shape)
    {
        if (shape.Blocks.Count is < 1 or > MostBlocks || !IsSound(shape.Stem) || !IsSound(shape.Head) || !(shape.Epsilon is > 0 and < 1)
            || (shape.Features is { } width && !IsSound(width)))
        {
            return false;
        }

        int channels = shape.Stem;
        foreach (string text in shape.Blocks)
        {
            if (InvertedResidualBlockShape.Parse(text) is not { } block || (block.IsResidual && (block.Stride != 1 || block.Outputs != channels)))
            {
                return false;
            }

            channels = block.Outputs;
        }

        return true;
    }

    private static bool IsSound(int channels) => channels is >= 1 and <= MostChannels;
}
