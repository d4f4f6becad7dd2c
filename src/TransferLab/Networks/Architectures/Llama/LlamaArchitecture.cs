using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>The Llama family (<see cref="LlamaNetwork"/>): Llama 2 and 3, SmolLM2, TinyLlama, Mistral, Qwen 2, 2.5 and 3; from the hub's folders and from
/// GGUF.</summary>
internal sealed class LlamaArchitecture : ShapedArchitecture<LlamaShape>
{
    private const int MostLayers = 1024, MostWidth = 1 << 17, MostVocabulary = 1 << 21;

    /// <inheritdoc/>
    public override string Name => "llama";

    /// <inheritdoc/>
    public override Recipe Recipe => Recipe.Transformer;

    /// <inheritdoc/>
    public override BackboneNetwork Build(LlamaShape shape)
    {
        LlamaNetwork network = new(shape);
        return new(network, network.Groups, shape.Width)
        {
            FollowsInputType = true,
            HoldsExactly = true,
            Decoder = LlamaDecoder.From,
            Pooling = Pooling.Last,
            LanguageHead = () => shape.Tied ? new LanguageHead(network.Embedding) : new LanguageHead(shape.Width, shape.Vocabulary),
        };
    }

    /// <inheritdoc/>
    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        LlamaShape shape = Parse(description)!;
        TextEncoderFit.Check(file.Path, description, encoder, shape.Positions, shape.Vocabulary);
        base.Check(file, description, encoder);
    }

    /// <inheritdoc/>
    /// <remarks>A backbone of texts: the hidden state of a text's last token, behind the last normalisation and without a chat template. The output layer is
    /// left out.</remarks>
    internal override PublishedBackbone? Recognize(PublishedModel model)
    {
        if (RecognizeLanguageModel(model) is not { } found)
        {
            return null;
        }

        PublishedTexts texts = PublishedTexts.Of(model, found.MaxTokens, found.Vocabulary, Pooling.Last);
        return texts.Pooling != Pooling.Last
            ? throw new WeightsException(
                $"{model.Path}: a causal language model has seen a text whole at its last token alone; it is pooled there, not by '{texts.Pooling}'.")
            : new()
            {
                Architecture = found.Architecture,
                Encoder = texts.Encoder,
                Weights = new MappedWeights(found.Weights).Rename(name => name.StartsWith("lm_head.", StringComparison.Ordinal) ? null : name),
                Assumed = texts.Assumed,
                Title = found.Title,
            };
    }

    /// <inheritdoc/>
    internal override PublishedLanguageModel? RecognizeLanguageModel(PublishedModel model)
    {
        if (ShapeOf(model) is not { } shape)
        {
            return null;
        }

        MappedWeights weights = model.Weights is GgufFile gguf ? LlamaGguf.Weights(gguf, shape) : LlamaConfig.Weights(model.Weights, shape);
        return new()
        {
            Architecture = Of(shape),
            Weights = weights,
            Title = Title(shape),
            MaxTokens = shape.Positions,
            Vocabulary = shape.Vocabulary,
        };
    }

    /// <inheritdoc/>
    internal override byte[] ToConfig(string description, IReadOnlyDictionary<string, long> special, string type) =>
        LlamaConfig.Write(Parse(description)!, special, type);

    /// <inheritdoc/>
    internal override (IReadOnlyList<KeyValuePair<string, object>> Metadata, IReadOnlyList<GgufTensor> Tensors) ToGguf(
        string description, IReadOnlyDictionary<string, Tensor> state, string type)
    {
        LlamaShape shape = Parse(description)!;
        return (LlamaGguf.Metadata(shape), LlamaGguf.Tensors(shape, state, type));
    }

    /// <inheritdoc/>
    internal override (string Name, long? PairedHeads)? GgufMatrix(string description, string layer) =>
        LlamaGguf.Gguf(layer + ".weight") is { } name ? (name, LlamaGguf.PairedHeads(Parse(description)!, name)) : null;

    /// <summary>The shape of a published model; null where it is of another family.</summary>
    /// <exception cref="WeightsException">Of this family, and damaged or of a kind that is not built.</exception>
    internal static LlamaShape? ShapeOf(PublishedModel model)
    {
        LlamaShape? shape = model.Weights is GgufFile gguf ? LlamaGguf.Shape(gguf) : model.Config is { } config ? LlamaConfig.Shape(config) : null;
        if (shape is not null && !Sound(shape))
        {
            throw new WeightsException(
                $"{model.Path}: its sizes do not go together ({shape.Layers} layers, width {shape.Width}, {shape.Heads} heads of {shape.HeadWidth} over "
                    + $"{shape.KeyValueHeads}); the configuration is damaged.");
        }

        return shape;
    }

    /// <summary>In a few words.</summary>
    internal static string Title(LlamaShape shape) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{shape.Type}: {shape.Layers} layers of width {shape.Width}, {shape.Heads} heads over {shape.KeyValueHeads}, {shape.Parameters:N0} parameters");

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(LlamaShape shape)
    {
        (long width, long queries, long keys, long feedForward) =
            (shape.Width, (long)shape.Heads * shape.HeadWidth, (long)shape.KeyValueHeads * shape.HeadWidth, shape.FeedForward);
        yield return ("model.embed_tokens.weight", [shape.Vocabulary, width]);
        for (int i = 0; i < shape.Layers; i++)
        {
            string layer = $"model.layers.{i}.";
            yield return (layer + "self_attn.q_proj.weight", [queries, width]);
            yield return (layer + "self_attn.k_proj.weight", [keys, width]);
            yield return (layer + "self_attn.v_proj.weight", [keys, width]);
            yield return (layer + "self_attn.o_proj.weight", [width, queries]);
            yield return (layer + "mlp.gate_proj.weight", [feedForward, width]);
            yield return (layer + "mlp.up_proj.weight", [feedForward, width]);
            yield return (layer + "mlp.down_proj.weight", [width, feedForward]);
        }
    }

    /// <inheritdoc/>
    protected override bool IsSound(LlamaShape shape) => Sound(shape);

    private static bool Sound(LlamaShape shape) =>
        shape is { Layers: > 0 and <= MostLayers, Width: > 0 and <= MostWidth, Heads: > 0 and <= MostWidth, KeyValueHeads: > 0, HeadWidth: > 0 and <= 4096 }
        && shape is
        {
            FeedForward: > 0 and <= 8 * MostWidth, Vocabulary: > 1 and <= MostVocabulary, Positions: > 0, Epsilon: > 0 and < 1, Theta: >= 1
            and < 1e12, Window: null or > 0
        }
        && shape.HeadWidth % 2 == 0 && shape.Heads % shape.KeyValueHeads == 0 && (long)shape.Heads * shape.HeadWidth <= 8L * MostWidth
        && (shape.FrequencyFactors is null
            || (shape.FrequencyFactors.Count == shape.HeadWidth / 2 && shape.FrequencyFactors.All(factor => factor is >= 1e-6 and <= 1e6)))
        && (shape.Scaling is null || shape.Scaling is { Type: "linear" or "llama3", Factor: >= 1 and <= 1e6, Low: > 0, High: > 0, Original: > 0 });
}
