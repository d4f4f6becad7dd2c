using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A residual network without its classifier (He et al. 2016, arXiv:1512.03385), of basic blocks or bottlenecks. Parameters have torchvision's names.
/// It computes in the type of its input: parameters stay float32, and a bfloat16 input makes every convolution run in bfloat16.
/// </summary>
internal sealed class ResNet : Module<Tensor, Tensor>
{
    private readonly ResNetShape _shape;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly IReadOnlyList<Sequential> _stages;

    /// <summary>Builds a network of basic blocks with random weights (He initialisation) drawn from torch's generator.</summary>
    /// <param name="blocksPerStage">Basic blocks in each stage: [2, 2, 2, 2] is ResNet-18, [3, 4, 6, 3] ResNet-34.</param>
    /// <param name="width">Channels of the first stage; each later stage has twice as many.</param>
    public ResNet(IReadOnlyList<int> blocksPerStage, int width = 64)
        : this(new ResNetShape { Blocks = blocksPerStage, Stem = width, Widths = [.. blocksPerStage.Select((_, stage) => width << stage)] })
    {
    }

    /// <summary>Builds the network of a shape with random weights (He initialisation) drawn from torch's generator.</summary>
    public ResNet(ResNetShape shape) : base(nameof(ResNet))
    {
        if (shape.Blocks.Any(blocks => blocks < 1))
        {
            throw new ArgumentException($"A ResNet's stages have at least one block; given [{string.Join(", ", shape.Blocks)}].", nameof(shape));
        }

        _shape = shape;
        conv1 = shape.Small ? Convolution(3, shape.Stem, kernel: 3, stride: 1) : Convolution(3, shape.Stem, kernel: 7, stride: 2);
        bn1 = BatchNorm2d(shape.Stem);
        RegisterComponents();
        _stages = [.. shape.Blocks.Select((_, stage) => Stage(shape, stage))];
        for (int stage = 0; stage < _stages.Count; stage++)
        {
            register_module($"layer{stage + 1}", _stages[stage]);
        }
    }

    /// <summary>Width of the feature vector.</summary>
    public int FeatureWidth => _shape.FeatureWidth;

    /// <summary>The layer groups from input to output: the stem, then every block.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("stem", Stem, conv1, bn1) { CastWeights = type => [ConvolutionNorm.CastWeights(conv1, bn1, type)] },
        .. _stages.SelectMany((stage, s) => stage.children().Cast<ResNetBlock>()
            .Select((block, b) => new LayerGroup($"layer{s + 1}.{b}", block) { CastWeights = block.CastWeights })),
    ];

    /// <summary>Maps images [N, 3, H, W] to features [N, width, H/32, W/32] of the input's type.</summary>
    public override Tensor forward(Tensor images) => _stages.Aggregate(Stem(images), (x, stage) => stage.call(x));

    /// <summary>A convolution without bias that keeps the size where it does not stride, with He initialisation.</summary>
    internal static Conv2d Convolution(int inputs, int outputs, int kernel, int stride, int groups = 1)
    {
        Conv2d convolution = Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false);
        init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return convolution;
    }

    private Tensor Stem(Tensor images)
    {
        Tensor x = ConvolutionNorm.Forward(images, conv1, bn1).relu_();                                 // (N, stem, H/2, W/2)
        return _shape.Small ? x : functional.max_pool2d(x, 3, stride: 2, padding: 1);                   // (N, stem, H/4, W/4)
    }

    private static Sequential Stage(ResNetShape shape, int stage) =>
        Sequential(Enumerable.Range(0, shape.Blocks[stage]).Select(block => new ResNetBlock(shape, stage, block)));
}
