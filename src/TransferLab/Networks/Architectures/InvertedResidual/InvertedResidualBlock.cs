using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>An inverted residual of a <see cref="InvertedResidualNetwork"/>.</summary>
internal sealed class InvertedResidualBlock : Module<Tensor, Tensor>
{
    private readonly InvertedResidualBlockShape _shape;
    private readonly NormalizedConvolution? expand;
    private readonly NormalizedConvolution depthwise, project;
    private readonly SqueezeExcitation? squeeze;

    public InvertedResidualBlock(int inputs, InvertedResidualBlockShape block, InvertedResidualShape shape) : base(nameof(InvertedResidualBlock))
    {
        _shape = block;
        int width = block.Expanded > 0 ? block.Expanded : inputs;
        expand = block.Expanded > 0 ? new(inputs, width, 1, 1, 1, shape) : null;
        depthwise = new(width, width, block.Kernel, block.Stride, width, shape);
        squeeze = block.Squeezed > 0 ? new(width, block.Squeezed, shape.HardSqueeze, block.Activation) : null;
        project = new(width, block.Outputs, 1, 1, 1, shape);
        RegisterComponents();
    }

    public IEnumerable<IDisposable> CastWeights(ScalarType type) =>
        new[] { expand, depthwise, project }.SelectMany(part => part?.CastWeights(type) ?? []);

    public override Tensor forward(Tensor x)
    {
        Tensor y = expand is null ? x : _shape.Activation.Apply(expand.call(x));                        // (N, expanded, H, W)
        y = _shape.Activation.Apply(depthwise.call(y));                                                 // (N, expanded, H / stride, W / stride)
        y = project.call(squeeze is null ? y : squeeze.call(y));                                        // (N, outputs, H / stride, W / stride)
        return _shape.IsResidual ? y.PlusInPlace(x) : y;
    }

    /// <summary>Each channel weighted by what all channels hold on average (Hu et al. 2017, arXiv:1709.01507).</summary>
    private sealed class SqueezeExcitation : Module<Tensor, Tensor>
    {
        private readonly Conv2d reduce, expand;
        private readonly bool _hard;
        private readonly Activation _activation;

        public SqueezeExcitation(int channels, int squeezed, bool hard, Activation activation) : base(nameof(SqueezeExcitation))
        {
            (_hard, _activation) = (hard, hard ? Activation.Relu : activation);
            reduce = Conv2d(channels, squeezed, 1);
            expand = Conv2d(squeezed, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor means = x.mean([2, 3], keepdim: true);                                               // (N, C, 1, 1)
            Tensor weights = ConvolutionNorm.Convolve(_activation.Apply(ConvolutionNorm.Convolve(means, reduce)), expand);
            weights = _hard ? functional.hardsigmoid(weights) : weights.sigmoid();
            return x.requires_grad || weights.requires_grad ? x * weights : x.mul_(weights); // Backward needs what came in.
        }
    }
}
