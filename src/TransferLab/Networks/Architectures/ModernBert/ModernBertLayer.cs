using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>A layer of a <see cref="ModernBertNetwork"/>.</summary>
internal sealed class ModernBertLayer : Module<Tensor, Tensor>
{
    private readonly ModernBertShape _shape;
    private readonly bool _isGlobal;
    private readonly RotaryPositions _rotary;
    private readonly Parts _of; // In a record, or the modules would register by the names of fields.

    public ModernBertLayer(ModernBertShape shape, int index, RotaryPositions rotary) : base(nameof(ModernBertLayer))
    {
        (_shape, _isGlobal, _rotary) = (shape, shape.IsGlobal(index), rotary);
        int width = shape.Width;
        ScaleNorm? before = index == 0 ? null : new(width, shape.Epsilon); // The embeddings are normalised already.
        _of = new(before, Dense(width, 3 * width), Dense(width, width), new(width, shape.Epsilon), Dense(width, 2 * shape.FeedForward),
            Dense(shape.FeedForward, width));
        if (before is not null)
        {
            register_module("attn_norm", before);
        }

        register_module("attn", new NameLevel(("Wqkv", _of.Heads), ("Wo", _of.Attended)));
        register_module("mlp_norm", _of.Norm);
        register_module("mlp", new NameLevel(("Wi", _of.Up), ("Wo", _of.Down)));
    }

    public IEnumerable<IDisposable> CastWeights(ScalarType type) =>
        new[] { _of.Heads, _of.Attended, _of.Up, _of.Down }.Select(linear => TypedLinear.CastWeights(linear, type));

    /// <summary>Maps [N, T, width] to the same shape and type.</summary>
    public Tensor Forward(Tensor x, Tensor? mask)
    {
        (long examples, long tokens, long width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor heads = TypedLinear.Forward(_of.Before is null ? x : _of.Before.call(x), _of.Heads)
            .view(examples, tokens, 3, _shape.Heads, width / _shape.Heads).permute(2, 0, 3, 1, 4);                             // (3, N, heads, T, head)
        (Tensor, Tensor) turn = _rotary.Of(tokens, null, 0, heads);
        Tensor attended = Attention.Of(RotaryPositions.Apply(heads[0], turn), RotaryPositions.Apply(heads[1], turn), heads[2],
            Visible(mask, examples, tokens, x.device));
        x = x.Plus(TypedLinear.Forward(attended.transpose(1, 2).reshape(examples, tokens, width), _of.Attended));
        Tensor[] up = TypedLinear.Forward(_of.Norm.call(x), _of.Up).chunk(2, -1);                                              // (N, T, feed-forward) each
        return x.Plus(TypedLinear.Forward(_shape.Activation.Apply(up[0]) * up[1], _of.Down));
    }

    public override Tensor forward(Tensor x) => Forward(x, null);

    /// <summary>[N or 1, 1, 1 or T, T]; every position sees itself, or padding far from a text would see nothing, and be no number.</summary>
    private Tensor? Visible(Tensor? mask, long examples, long tokens, Device device)
    {
        Tensor? seen = mask?.view(examples, 1, 1, tokens).to(ScalarType.Bool);
        if (_isGlobal || tokens <= _shape.Window + 1)
        {
            return seen;
        }

        Tensor at = Arithmetic.Count((int)tokens, device), distance = at.unsqueeze(0).Minus(at.unsqueeze(1)).abs();
        Tensor near = distance.le(tensor((long)_shape.Window, device: device)).view(1, 1, tokens, tokens);
        return seen is null ? near : near.logical_and(seen).logical_or(distance.eq(tensor(0L, device: device)));
    }

    private static Linear Dense(int inputs, int outputs)
    {
        Linear linear = Linear(inputs, outputs, hasBias: false);
        init.normal_(linear.weight!, 0, 0.02);
        return linear;
    }

    private sealed record Parts(ScaleNorm? Before, Linear Heads, Linear Attended, ScaleNorm Norm, Linear Up, Linear Down);
}
