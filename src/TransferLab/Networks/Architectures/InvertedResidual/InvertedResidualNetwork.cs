using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A network of inverted residuals without its classifier: MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381), MobileNetV3 (Howard et al. 2019,
/// arXiv:1905.02244), EfficientNet (Tan and Le 2019, arXiv:1905.11946) and EfficientNet-Lite. It computes in the type of its input over float32 parameters.
/// </summary>
internal sealed class InvertedResidualNetwork : Module<Tensor, Tensor>
{
    private readonly InvertedResidualShape _shape;
    private readonly NormalizedConvolution stem, head;
    private readonly ModuleList<InvertedResidualBlock> blocks;
    private readonly Linear? features;

    /// <summary>Builds the network with random weights (He initialisation) drawn from torch's generator.</summary>
    public InvertedResidualNetwork(InvertedResidualShape shape) : base(nameof(InvertedResidualNetwork))
    {
        _shape = shape;
        stem = new(3, shape.Stem, 3, 2, 1, shape);
        int channels = shape.Stem;
        List<InvertedResidualBlock> built = [];
        foreach (string text in shape.Blocks)
        {
            InvertedResidualBlockShape block = InvertedResidualBlockShape.Parse(text)!;
            built.Add(new(channels, block, shape));
            channels = block.Outputs;
        }

        blocks = new([.. built]);
        head = new(channels, shape.Head, 1, 1, 1, shape);
        features = shape.Features is { } width ? Linear(shape.Head, width) : null;
        RegisterComponents();
    }

    /// <summary>The layer groups from input to output: the stem, every block, and the last convolution.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("stem", Stem, stem) { CastWeights = stem.CastWeights },
        .. blocks.Select((block, i) => new LayerGroup($"block.{i}", block) { CastWeights = block.CastWeights }),
        new("head", Head, features is null ? [head] : [head, features]) { CastWeights = head.CastWeights },
    ];

    /// <summary>Maps images [N, 3, H, W] to maps [N, width, H/32, W/32], or to features [N, width] where a layer follows the pooling.</summary>
    public override Tensor forward(Tensor images) => Head(blocks.Aggregate(Stem(images), (x, block) => block.call(x)));

    private Tensor Stem(Tensor images) => _shape.StemActivation.Apply(stem.call(images));

    private Tensor Head(Tensor x)
    {
        x = _shape.HeadActivation.Apply(head.call(x));                                                  // (N, head, H, W)
        return features is null ? x : _shape.HeadActivation.Apply(TypedLinear.Forward(x.mean([2, 3]), features));
    }
}
