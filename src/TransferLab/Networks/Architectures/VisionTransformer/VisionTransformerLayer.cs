using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>A layer of a <see cref="VisionTransformer"/>: attention, then a feed-forward part, each on normalised tokens and added to them.</summary>
internal sealed class VisionTransformerLayer : Module<Tensor, Tensor>
{
    private readonly VisionTransformerShape _shape;
    private readonly LayerNorm norm1, norm2;
    private readonly Linear query, key, value, output, up, down;
    private readonly Parameter? scale1, scale2;

    public VisionTransformerLayer(VisionTransformerShape shape) : base(nameof(VisionTransformerLayer))
    {
        _shape = shape;
        int width = shape.Width;
        norm1 = LayerNorm(width);
        query = VisionTransformer.Dense(width, width, shape.AttentionBias);
        key = VisionTransformer.Dense(width, width, shape.AttentionBias);
        value = VisionTransformer.Dense(width, width, shape.AttentionBias);
        output = VisionTransformer.Dense(width, width);
        norm2 = LayerNorm(width);
        up = VisionTransformer.Dense(width, shape.FeedForward);
        down = VisionTransformer.Dense(shape.FeedForward, width);
        (scale1, scale2) = shape.LayerScale ? (new Parameter(ones(width)), new Parameter(ones(width))) : (null, null);
        RegisterComponents();
    }

    public IEnumerable<IDisposable> CastWeights(ScalarType type) =>
        new[] { query, key, value, output, up, down }.Select(linear => TypedLinear.CastWeights(linear, type));

    public override Tensor forward(Tensor x)
    {
        // (N, T, width)
        x = Scaled(TypedLinear.Forward(Attend(VisionTransformer.Normalize(x, norm1, _shape.Epsilon)), output), scale1).Plus(x);
        // (N, T, feed-forward)
        Tensor wide = _shape.Activation.Apply(TypedLinear.Forward(VisionTransformer.Normalize(x, norm2, _shape.Epsilon), up));
        return Scaled(TypedLinear.Forward(wide, down), scale2).Plus(x);
    }

    private static Tensor Scaled(Tensor x, Parameter? scale) => scale is null ? x : x * scale.to(x.dtype);

    private Tensor Attend(Tensor x)
    {
        (long batch, long tokens, long width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor Heads(Linear projection) => TypedLinear.Forward(x, projection).view(batch, tokens, _shape.Heads, width / _shape.Heads).transpose(1, 2);
        return Attention.Of(Heads(query), Heads(key), Heads(value), mask: null).transpose(1, 2).reshape(batch, tokens, width);
    }
}
