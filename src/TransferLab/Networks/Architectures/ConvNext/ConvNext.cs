using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// ConvNeXt without its classifier (Liu et al. 2022, arXiv:2201.03545): convolutions of each channel, and matrices over the channels of each pixel. It computes
/// in the type of its input over float32 parameters.
/// </summary>
internal sealed class ConvNext : Module<Tensor, Tensor>
{
    private readonly ConvNextShape _shape;
    private readonly Conv2d stem;
    private readonly LayerNorm stem_norm, norm;
    private readonly ModuleList<ConvNextBlock> blocks;

    /// <summary>Builds the network with random weights, N(0, 0.02), drawn from torch's generator.</summary>
    public ConvNext(ConvNextShape shape) : base(nameof(ConvNext))
    {
        _shape = shape;
        stem = Conv2d(3, shape.Widths[0], shape.Patch, stride: shape.Patch);
        stem_norm = LayerNorm(shape.Widths[0]);
        blocks = new([.. shape.Blocks.Select(at => new ConvNextBlock(shape, at.Stage, at.Block))]);
        norm = LayerNorm(shape.Widths[^1]);
        RegisterComponents();
        foreach ((string name, Parameter parameter) in named_parameters())
        {
            if (parameter.Dimensions > 1)
            {
                init.normal_(parameter, 0, 0.02);
            }
        }
    }

    /// <summary>The layer groups from input to output: the stem, then every block; the last one with the pooling and the normalisation behind it.</summary>
    public IReadOnlyList<LayerGroup> Groups
    {
        get
        {
            (string Name, ConvNextBlock Block)[] named = [.. _shape.Blocks.Zip(blocks, (at, block) => ($"stage{at.Stage + 1}.{at.Block}", block))];
            return
            [
                new("stem", Stem, stem, stem_norm),
                .. named[..^1].Select(pair => new LayerGroup(pair.Name, pair.Block) { CastWeights = pair.Block.CastWeights }),
                new(named[^1].Name, Last, named[^1].Block, norm) { CastWeights = named[^1].Block.CastWeights },
            ];
        }
    }

    /// <summary>Maps images [N, 3, H, W] to features [N, width].</summary>
    public override Tensor forward(Tensor images) => Pooled(Maps(images));

    /// <summary>Maps images [N, 3, H, W] to what the last block gives, [N, width, H/32, W/32]: torchvision counts the normalisation behind the pooling among
    /// the classifier.</summary>
    internal Tensor Maps(Tensor images) => blocks.Aggregate(Stem(images), (x, block) => block.call(x));

    /// <summary>Normalises the channels of maps [N, C, H, W], which lie last in memory.</summary>
    internal static Tensor Normalize(Tensor maps, LayerNorm norm, double epsilon) =>
        functional.layer_norm(maps.permute(0, 2, 3, 1), [maps.shape[1]], norm.weight, norm.bias, epsilon).permute(0, 3, 1, 2);

    private Tensor Stem(Tensor images) => Normalize(ConvolutionNorm.Convolve(images, stem), stem_norm, _shape.Epsilon);        // (N, width, H/4, W/4)

    private Tensor Last(Tensor x) => Pooled(blocks[^1].call(x));

    private Tensor Pooled(Tensor maps)
    {
        Tensor pooled = maps.mean([2, 3]);                                                                                      // (N, width)
        return functional.layer_norm(pooled, [pooled.shape[1]], norm.weight, norm.bias, _shape.LastEpsilon);
    }
}
