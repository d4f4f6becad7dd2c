using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// ModernBERT (Warner et al. 2024, arXiv:2412.13663), with its published parameter names: rotary positions, normalisation before each part, gated feed-forward,
/// no biases, and attention to near positions alone in two layers of three. Maps token ids [N, T] to hidden states [N, T, width], in the type of the mask.
/// </summary>
internal sealed class ModernBertNetwork : Module<Tensor, Tensor>
{
    private readonly TokenEmbedding _words;
    private readonly ScaleNorm _norm, _last;
    private readonly ModernBertLayer[] _layers;
    private readonly RotaryPositions _global, _local;

    public ModernBertNetwork(ModernBertShape shape) : base(nameof(ModernBertNetwork))
    {
        int head = shape.Width / shape.Heads;
        (_global, _local) = (new(head, shape.GlobalTheta), new(head, shape.LocalTheta));
        _words = new(shape.Vocabulary, shape.Width);
        (_norm, _last) = (new(shape.Width, shape.Epsilon), new(shape.Width, shape.Epsilon));
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => new ModernBertLayer(shape, i, shape.IsGlobal(i) ? _global : _local))];
        register_module("embeddings", new NameLevel(("tok_embeddings", _words), ("norm", _norm)));
        register_module("layers", new NameLevel([.. _layers.Select((layer, i) => (i.ToString(CultureInfo.InvariantCulture), (Module?)layer))]));
        register_module("final_norm", _last);
    }

    /// <summary>The embeddings, and each layer; the last normalisation belongs to the last of them.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("embeddings", x => x with { Values = _norm.call(_words.call(x.Values)).to(x.Type ?? x.Mask?.dtype ?? ScalarType.Float32) }, _words,
            _norm) { CompactVocabulary = _words.CompactVocabulary },
        .. _layers.SkipLast(1).Select((layer, i) =>
            new LayerGroup($"layer.{i}", x => x with { Values = layer.Forward(x.Values, x.Mask) }, layer) { CastWeights = layer.CastWeights }),
        new($"layer.{_layers.Length - 1}", x => x with { Values = _last.call(_layers[^1].Forward(x.Values, x.Mask)) }, _layers[^1],
            _last) { CastWeights = _layers[^1].CastWeights },
    ];

    public override Tensor forward(Tensor ids) => Groups.Aggregate((Batch)ids, (x, group) => group.Forward(x)).Values;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _global.Dispose();
            _local.Dispose();
        }

        base.Dispose(disposing);
    }
}
