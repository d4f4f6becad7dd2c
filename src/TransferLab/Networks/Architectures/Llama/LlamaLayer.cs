using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>One layer of a Llama: attention with rotary positions and grouped queries, then a gated feed-forward part, each behind a normalisation and beside
/// the stream.</summary>
internal sealed class LlamaLayer : Module<Tensor, Tensor>
{
    private readonly LlamaShape _shape;
    private readonly int _index;
    private readonly RotaryPositions _rotary;
    private readonly Parts _of; // In a record, or the modules would register by the names of fields.

    public LlamaLayer(LlamaShape shape, int index, RotaryPositions rotary) : base(nameof(LlamaLayer))
    {
        (_shape, _index, _rotary) = (shape, index, rotary);
        (int width, long queries, long keys) = (shape.Width, (long)shape.Heads * shape.HeadWidth, (long)shape.KeyValueHeads * shape.HeadWidth);
        _of = new(
            FirstWeights.Linear(width, queries, shape.Biases), FirstWeights.Linear(width, keys, shape.Biases), FirstWeights.Linear(width, keys, shape.Biases),
            FirstWeights.Linear(queries, width), FirstWeights.Linear(width, shape.FeedForward), FirstWeights.Linear(width, shape.FeedForward),
            FirstWeights.Linear(shape.FeedForward, width),
            new(width, shape.Epsilon), new(width, shape.Epsilon),
            shape.QueryKeyNorms ? new(shape.HeadWidth, shape.Epsilon) : null, shape.QueryKeyNorms ? new(shape.HeadWidth, shape.Epsilon) : null);
        register_module("self_attn", new NameLevel(
            ("q_proj", _of.Query), ("k_proj", _of.Key), ("v_proj", _of.Value), ("o_proj", _of.Output), ("q_norm", _of.QueryNorm), ("k_norm", _of.KeyNorm)));
        register_module("mlp", new NameLevel(("gate_proj", _of.Gate), ("up_proj", _of.Up), ("down_proj", _of.Down)));
        register_module("input_layernorm", _of.AttentionNorm);
        register_module("post_attention_layernorm", _of.FeedForwardNorm);
    }

    /// <summary>What it is made of.</summary>
    internal Parts Of => _of;

    /// <summary>Prepares for many batches with unchanged weights.</summary>
    public IEnumerable<IDisposable> CastWeights(ScalarType type) =>
        new[] { _of.Query, _of.Key, _of.Value, _of.Output, _of.Gate, _of.Up, _of.Down }.Select(linear => TypedLinear.CastWeights(linear, type));

    /// <summary>Maps [N, T, width] to the same shape.</summary>
    public Batch Forward(Batch x)
    {
        Tensor stream = x.Values.Plus(Attend(_of.AttentionNorm.call(x.Values), x));
        Tensor normed = _of.FeedForwardNorm.call(stream);
        Tensor gated = functional.silu(TypedLinear.Forward(normed, _of.Gate)) * TypedLinear.Forward(normed, _of.Up);  // (N, T, feed-forward)
        return x with { Values = stream.Plus(TypedLinear.Forward(gated, _of.Down)) };
    }

    public override Tensor forward(Tensor input) => Forward(input).Values;

    private Tensor Attend(Tensor x, Batch batch)
    {
        (long examples, long tokens) = (x.shape[0], x.shape[1]);
        Tensor Heads(Linear projection, int heads, RmsNorm? norm)
        {
            Tensor y = TypedLinear.Forward(x, projection).view(examples, tokens, heads, _shape.HeadWidth);
            return (norm is null ? y : norm.call(y)).transpose(1, 2);                                                  // (N, heads, T, head width)
        }

        (Tensor, Tensor) turn = _rotary.Of(tokens, batch.Positions, batch.Cache?.Length ?? 0, x);
        Tensor query = RotaryPositions.Apply(Heads(_of.Query, _shape.Heads, _of.QueryNorm), turn);
        Tensor key = RotaryPositions.Apply(Heads(_of.Key, _shape.KeyValueHeads, _of.KeyNorm), turn), value = Heads(_of.Value, _shape.KeyValueHeads, null);
        if (batch.Cache is { } cache)
        {
            (key, value) = cache.Append(_index, key, value);
        }

        Tensor attended = CausalAttention.Of(query, key, value, _shape.Window, batch.Cache?.Visible);
        return TypedLinear.Forward(attended.transpose(1, 2).reshape(examples, tokens, -1), _of.Output);
    }

    internal sealed record Parts(
        Linear Query, Linear Key, Linear Value, Linear Output, Linear Gate, Linear Up, Linear Down, RmsNorm AttentionNorm, RmsNorm FeedForwardNorm,
            RmsNorm? QueryNorm, RmsNorm? KeyNorm);
}
