using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>A block of a <see cref="ConvNext"/>; the first of a stage halves the maps before it.</summary>
internal sealed class ConvNextBlock : Module<Tensor, Tensor>
{
    private const int Kernel = 7, Expansion = 4;
    private readonly double _epsilon;
    private readonly LayerNorm? reduce_norm;
    private readonly Conv2d? reduce;
    private readonly Conv2d conv;
    private readonly LayerNorm norm;
    private readonly Linear up, down;
    private readonly Parameter? scale;

    public ConvNextBlock(ConvNextShape shape, int stage, int block) : base(nameof(ConvNextBlock))
    {
        int width = shape.Widths[stage];
        _epsilon = shape.Epsilon;
        if (stage > 0 && block == 0)
        {
            reduce_norm = LayerNorm(shape.Widths[stage - 1]);
            reduce = Conv2d(shape.Widths[stage - 1], width, 2, stride: 2);
        }

        conv = Conv2d(width, width, Kernel, padding: Kernel / 2, groups: width);
        norm = LayerNorm(width);
        up = Linear(width, Expansion * width);
        down = Linear(Expansion * width, width);
        scale = shape.LayerScale ? new Parameter(ones(width)) : null;
        RegisterComponents();
    }

    public IEnumerable<IDisposable> CastWeights(ScalarType type) => [TypedLinear.CastWeights(up, type), TypedLinear.CastWeights(down, type)];

    public override Tensor forward(Tensor x)
    {
        x = reduce is null ? x : ConvolutionNorm.Convolve(ConvNext.Normalize(x, reduce_norm!, _epsilon), reduce);               // (N, C, H, W)
        Tensor y = ConvNext.Normalize(ConvolutionNorm.Convolve(x, conv), norm, _epsilon).permute(0, 2, 3, 1);                   // (N, H, W, C)
        y = TypedLinear.Forward(functional.gelu(TypedLinear.Forward(y, up)), down);
        y = scale is null ? y : y * scale.to(y.dtype);
        return y.permute(0, 3, 1, 2).Plus(x);
    }
}
