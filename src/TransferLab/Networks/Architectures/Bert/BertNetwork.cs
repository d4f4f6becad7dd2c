using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// BERT as published (Devlin et al. 2019, arXiv:1810.04805): learned positions, normalisation after each residual sum; and those that differ in sizes alone,
/// count positions from another row, project their embeddings, or add a bias for distances to attention. Parameters have BERT's names. It computes in the type
/// of the mask: parameters stay float32, and a bfloat16 mask makes every matrix product run in bfloat16.
/// </summary>
internal sealed class BertNetwork : Module<Tensor, Tensor?, Tensor>
{
    private readonly BertEmbeddings embeddings;
    private readonly Linear? embeddings_project;
    private readonly BertEncoder encoder;

    /// <summary>Builds the network with random weights, N(0, 0.02) as in pretraining, drawn from torch's generator.</summary>
    public BertNetwork(BertShape shape) : base(nameof(BertNetwork))
    {
        if (shape.Layers < 1 || shape.Width < 1 || shape.Heads < 1 || shape.Width % shape.Heads != 0)
        {
            throw new ArgumentException($"A BERT has layers, and heads that share its width evenly; given {shape}.", nameof(shape));
        }

        Shape = shape;
        embeddings = new(shape);
        embeddings_project = shape.EmbeddingWidth is { } width ? Dense(width, shape.Width) : null;
        encoder = new(shape);
        RegisterComponents();
    }

    /// <summary>Its sizes.</summary>
    public BertShape Shape { get; }

    /// <summary>The layer groups from input to output: the embeddings and all that layers share, then every layer.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("embeddings", x => x with { Values = Embed(x.Values, x.Mask) },
            [.. new Module?[] { embeddings, embeddings_project, encoder.Bias }.OfType<Module>()]) { CompactVocabulary = embeddings.CompactVocabulary },
        .. encoder.Layers.Select((layer, i) =>
            new LayerGroup($"layer.{i}", x => x with { Values = layer.call(x.Values, x.Mask) }, layer) { CastWeights = layer.CastWeights }),
    ];

    /// <summary>Maps token ids [N, T] int64 and their mask (<see cref="Batch.Mask"/>; null for no padding) to hidden states [N, T, width].</summary>
    public override Tensor forward(Tensor ids, Tensor? mask) => encoder.Layers.Aggregate(Embed(ids, mask), (hidden, layer) => layer.call(hidden, mask));

    private Tensor Embed(Tensor ids, Tensor? mask)
    {
        Tensor x = embeddings.call(ids, mask);
        return embeddings_project is null ? x : TypedLinear.Forward(x, embeddings_project);
    }

    private static Linear Dense(int inputs, int outputs)
    {
        Linear linear = Linear(inputs, outputs);
        init.normal_(linear.weight!, 0, 0.02);
        init.zeros_(linear.bias!);
        return linear;
    }

    /// <summary>Normalises the last axis in float32, whatever the type of <paramref name="x"/>.</summary>
    private static Tensor Normalize(Tensor x, LayerNorm norm, double epsilon) => functional.layer_norm(x, [x.shape[^1]], norm.weight, norm.bias, epsilon);

    private sealed class BertEmbeddings : Module<Tensor, Tensor?, Tensor>
    {
        private readonly TokenEmbedding word_embeddings, position_embeddings;
        private readonly TokenEmbedding? token_type_embeddings;

        [TorchSharp.Utils.ComponentName(Name = "LayerNorm")]
        private readonly LayerNorm norm;
        private readonly BertShape _shape;

        public BertEmbeddings(BertShape shape) : base(nameof(BertEmbeddings))
        {
            int width = shape.EmbeddingWidth ?? shape.Width;
            word_embeddings = new(shape.Vocabulary, width);
            position_embeddings = new(shape.Positions, width);
            token_type_embeddings = shape.TokenTypes > 0 ? new(shape.TokenTypes, width) : null;
            norm = LayerNorm(width);
            _shape = shape;
            RegisterComponents();
        }

        public IDisposable CompactVocabulary(IReadOnlyList<long> ids) => word_embeddings.CompactVocabulary(ids);

        public override Tensor forward(Tensor ids, Tensor? mask)
        {
            long length = ids.shape[1];
            Tensor positions = position_embeddings.Rows(_shape.FirstPosition, length);
            positions = token_type_embeddings is null ? positions : positions.Plus(token_type_embeddings.First(1));   // (T, width)
            Tensor x = Normalize(word_embeddings.call(ids).Plus(positions), norm, _shape.Epsilon);                    // (N, T, width)
            return Dropout.Of(x, training, _shape.Dropout).to(mask?.dtype ?? ScalarType.Float32);
        }
    }

    private sealed class BertEncoder : Module<Tensor, Tensor>
    {
        private readonly ModuleList<BertLayer> layer;
        private readonly TokenEmbedding? relative_attention_bias;

        public BertEncoder(BertShape shape) : base(nameof(BertEncoder))
        {
            relative_attention_bias = shape.RelativeBuckets is { } buckets ? new(buckets, shape.Heads) : null;
            layer = new([.. Enumerable.Range(0, shape.Layers).Select(_ => new BertLayer(shape, relative_attention_bias))]);
            RegisterComponents();
        }

        public TokenEmbedding? Bias => relative_attention_bias;

        public IEnumerable<BertLayer> Layers => layer;

        public override Tensor forward(Tensor input) => throw new NotSupportedException("Layers run one by one, with the mask.");
    }

    private sealed class BertLayer : Module<Tensor, Tensor?, Tensor>
    {
        private readonly BertShape _shape;
        private readonly Func<long, Device, Tensor>? _bias; // A function, or the shared table would register in every layer.
        private readonly Parts _of; // In a record, or the modules would register by the names of fields.

        public BertLayer(BertShape shape, TokenEmbedding? bias) : base(nameof(BertLayer))
        {
            int width = shape.Width;
            _shape = shape;
            _bias = bias is null ? null : (tokens, device) =>
                bias.Select(tensor(RelativeBuckets.Pairs((int)tokens, shape.RelativeBuckets!.Value), device: device)).view(tokens, tokens, -1).permute(2, 0, 1)
                    .unsqueeze(0);
            _of = new(Dense(width, width), Dense(width, width), Dense(width, width), Dense(width, width), LayerNorm(width),
                Dense(width, shape.FeedForward), Dense(shape.FeedForward, width), LayerNorm(width));
            register_module("attention", new NameLevel(("self", new NameLevel(("query", _of.Query), ("key", _of.Key), ("value", _of.Value))),
                ("output", new NameLevel(("dense", _of.Attended), ("LayerNorm", _of.AttendedNorm)))));
            register_module("intermediate", new NameLevel(("dense", _of.Up)));
            register_module("output", new NameLevel(("dense", _of.Down), ("LayerNorm", _of.Norm)));
        }

        public IEnumerable<IDisposable> CastWeights(ScalarType type) =>
            new[] { _of.Query, _of.Key, _of.Value, _of.Attended, _of.Up, _of.Down }.Select(linear => TypedLinear.CastWeights(linear, type));

        public override Tensor forward(Tensor x, Tensor? mask)
        {
            Tensor attended = TypedLinear.Forward(Attend(x, mask), _of.Attended);                               // (N, T, width)
            x = Normalize(Dropout.Of(attended, training, _shape.Dropout).Plus(x), _of.AttendedNorm, _shape.Epsilon);
            Tensor up = _shape.Activation.Apply(TypedLinear.Forward(x, _of.Up));                                // (N, T, 4 width)
            Tensor down = Dropout.Of(TypedLinear.Forward(up, _of.Down), training, _shape.Dropout);              // (N, T, width)
            return Normalize(down.Plus(x), _of.Norm, _shape.Epsilon);
        }

        private Tensor Attend(Tensor x, Tensor? mask)
        {
            (long batch, long tokens, long width) = (x.shape[0], x.shape[1], x.shape[2]);
            Tensor Heads(Linear projection) => TypedLinear.Forward(x, projection).view(batch, tokens, _shape.Heads, width / _shape.Heads).transpose(1, 2);
            // (N, heads, T, width / heads)
            Tensor y = Attention.Of(Heads(_of.Query), Heads(_of.Key), Heads(_of.Value), mask?.view(batch, 1, 1, tokens), _bias?.Invoke(tokens, x.device));
            return y.transpose(1, 2).reshape(batch, tokens, width);
        }
    }

    private sealed record Parts(Linear Query, Linear Key, Linear Value, Linear Attended, LayerNorm AttendedNorm, Linear Up, Linear Down, LayerNorm Norm);
}
