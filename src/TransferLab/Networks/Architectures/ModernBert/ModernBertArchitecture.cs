using System.Globalization;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>ModernBERTs (<see cref="ModernBertNetwork"/>), from the hub's folders.</summary>
internal sealed class ModernBertArchitecture : ShapedArchitecture<ModernBertShape>
{
    private const int MostSize = 1 << 21, MostLayers = 1024, MostWidth = 1 << 16;

    /// <inheritdoc/>
    public override string Name => "modernbert";

    /// <inheritdoc/>
    public override Recipe Recipe => Recipe.Transformer;

    /// <inheritdoc/>
    public override BackboneNetwork Build(ModernBertShape shape)
    {
        ModernBertNetwork network = new(shape);
        return new(network, network.Groups, shape.Width) { FollowsInputType = true, HoldsExactly = true, Pooling = shape.Pooling };
    }

    /// <inheritdoc/>
    public override string? ParameterName(string published)
    {
        string name = published.StartsWith("model.", StringComparison.Ordinal) ? published["model.".Length..] : published;
        return name.StartsWith("embeddings.", StringComparison.Ordinal) || name.StartsWith("layers.", StringComparison.Ordinal)
            || name.StartsWith("final_norm.", StringComparison.Ordinal) ? name : null;
    }

    /// <inheritdoc/>
    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        ModernBertShape shape = Parse(description)!;
        TextEncoderFit.Check(file.Path, description, encoder, shape.Positions, shape.Vocabulary);
        base.Check(file, description, encoder);
    }

    /// <inheritdoc/>
    internal override PublishedBackbone? Recognize(PublishedModel model)
    {
        if (model.Config is not { } config || model.ModelType != "modernbert")
        {
            return null;
        }

        ModernBertShape shape = Shape(config);
        if (!IsSound(shape))
        {
            throw new WeightsException(
                $"{config.File}: its sizes do not go together ({shape.Layers} layers, width {shape.Width}, {shape.Heads} heads); the configuration is "
                    + $"damaged.");
        }

        PublishedTexts texts = PublishedTexts.Of(model, shape.Positions, shape.Vocabulary);
        long parameters = shape.Tensors().Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        return new()
        {
            Architecture = Of(shape with { Pooling = texts.Pooling }),
            Encoder = texts.Encoder,
            Weights = new MappedWeights(model.Weights).Rename(ParameterName),
            Assumed = texts.Assumed,
            Title = string.Create(CultureInfo.InvariantCulture,
                $"ModernBERT: {shape.Layers} layers of width {shape.Width}, {shape.Heads} heads, {parameters:N0} parameters"),
        };
    }

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is TextEncoder texts
        ? new ModernBertGraph(graph, state, Parse(description)!, texts.MaxTokens).Add()
        : throw new NotSupportedException("A ModernBERT is written as ONNX for texts alone.");

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(ModernBertShape shape) => shape.Tensors().Where(tensor => tensor.Shape.Length == 2);

    /// <inheritdoc/>
    protected override bool IsSound(ModernBertShape shape) =>
        shape is
        {
            Layers: > 0 and <= MostLayers, Width: > 0 and <= MostWidth, Heads: > 0, FeedForward: > 0 and <= 16 * MostWidth, Vocabulary: > 1
            and <= MostSize
        }
        && shape is
        {
            Positions: > 2 and <= MostSize, GlobalEvery: > 0, Window: > 0, GlobalTheta: >= 1 and < 1e12, LocalTheta: >= 1 and < 1e12, Epsilon: > 0
            and < 1
        }
        && shape.Width % shape.Heads == 0 && shape.Width / shape.Heads % 2 == 0 && Enum.IsDefined(shape.Activation) && Enum.IsDefined(shape.Pooling);

    private static ModernBertShape Shape(PublishedConfig config)
    {
        BertConfig.Refuse(config.Flag("attention_bias", false) || config.Flag("mlp_bias", false) || config.Flag("norm_bias", false), config, "biases");
        BertConfig.Refuse(config.Has("quantization_config"), config, "quantised weights; take the files without quantisation");
        PublishedConfig? rope = config.Inner("rope_parameters");
        double global = rope?.Inner("full_attention")?.Number("rope_theta", 160_000) ?? config.Number("global_rope_theta", 160_000);
        double local = rope?.Inner("sliding_attention")?.Number("rope_theta", 10_000) ?? (config.Has("local_rope_theta")
            ? config.Number("local_rope_theta")
            : global);
        return new()
        {
            Layers = config.Int("num_hidden_layers", most: MostSize),
            Width = config.Int("hidden_size", most: MostSize),
            Heads = config.Int("num_attention_heads", most: MostSize),
            FeedForward = config.Int("intermediate_size", most: MostSize),
            Vocabulary = config.Int("vocab_size", most: MostSize),
            Positions = config.Int("max_position_embeddings", most: MostSize),
            GlobalEvery = config.Int("global_attn_every_n_layers", otherwise: 3),
            Window = config.Int("local_attention", least: 2, otherwise: 128) / 2,
            GlobalTheta = global,
            LocalTheta = local,
            Epsilon = config.Number("norm_eps", 1e-5),
            Activation = BertConfig.Activation(config, "hidden_activation"),
        };
    }
}
