using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// The body of a Llama (Touvron et al. 2023, arXiv:2302.13971), with its published parameter names: token ids [N, T] to hidden states [N, T, width] behind the
/// last normalisation. Causal; texts are padded at their end, so that only pooling and the loss need a mask.
/// </summary>
internal sealed class LlamaNetwork : Module<Tensor, Tensor>
{
    private readonly TokenEmbedding _embedding;
    private readonly LlamaLayer[] _layers;
    private readonly RmsNorm _norm;
    private readonly RotaryPositions _rotary;

    public LlamaNetwork(LlamaShape shape) : base(nameof(LlamaNetwork))
    {
        Shape = shape;
        _embedding = new(shape.Vocabulary, shape.Width);
        _rotary = new(shape.HeadWidth, shape.Theta, shape.FrequencyFactors ?? shape.Scaling?.Factors(shape.HeadWidth, shape.Theta));
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => new LlamaLayer(shape, i, _rotary))];
        _norm = new(shape.Width, shape.Epsilon);
        register_module("model", new NameLevel(
            ("embed_tokens", _embedding),
                ("layers", new NameLevel([.. _layers.Select((layer, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), (Module?)layer))])),
                ("norm", _norm)));
    }

    /// <summary>Its sizes.</summary>
    public LlamaShape Shape { get; }

    /// <summary>Its layers from input to output.</summary>
    public IReadOnlyList<LlamaLayer> Layers => _layers;

    /// <summary>The normalisation behind the last layer.</summary>
    public RmsNorm Norm => _norm;

    /// <summary>The table of tokens, which a tied head computes with too.</summary>
    public TokenEmbedding Embedding => _embedding;

    /// <summary>How positions turn queries and keys.</summary>
    public RotaryPositions Rotary => _rotary;

    /// <summary>Embedding, and each layer; the last normalisation belongs to the last of them.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("embedding", x => x with { Values = _embedding.call(x.Values).to(x.Type ?? x.Mask?.dtype ?? ScalarType.Float32) },
            _embedding) { CompactVocabulary = _embedding.CompactVocabulary },
        .. _layers.SkipLast(1).Select((layer, i) => new LayerGroup($"layer{i}", layer.Forward, layer) { CastWeights = layer.CastWeights }),
        new($"layer{_layers.Length - 1}", Last, _layers[^1], _norm) { CastWeights = _layers[^1].CastWeights },
    ];

    private Batch Last(Batch x)
    {
        Batch y = _layers[^1].Forward(x);
        return y with { Values = _norm.call(y.Values) };
    }

    public override Tensor forward(Tensor ids)
    {
        Batch x = ids;
        foreach (LayerGroup group in Groups)
        {
            x = group.Forward(x);
        }

        return x.Values;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rotary.Dispose();
        }

        base.Dispose(disposing);
    }
}
