using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>BERT's family as <c>config.json</c> describes it.</summary>
internal static class BertConfig
{
    private const int MostSize = 1 << 21;
    private static readonly string[] s_types = ["bert", "distilbert", "roberta", "xlm-roberta", "camembert", "electra", "mpnet"];

    /// <summary>Whether tensors without a configuration look like this family.</summary>
    public static bool IsLike(IWeightFile weights) => weights.Tensors.Keys.Any(name => BertNames.Of(name) == "embeddings.word_embeddings.weight");

    /// <summary>The shape, pooling apart; null where the type is of another family.</summary>
    /// <exception cref="WeightsException">A value is missing, wrong, or asks for what is not built.</exception>
    public static BertShape? Shape(PublishedConfig config)
    {
        string? type = config.Text("model_type");
        if (!s_types.Contains(type))
        {
            return null;
        }

        Refuse(config.Text("position_embedding_type") is not (null or "absolute"), config, $"positions of the kind '{config.Text("position_embedding_type")}'");
        Refuse(config.Flag("is_decoder", false) || config.Flag("add_cross_attention", false), config, "a decoder");
        Refuse(config.Has("quantization_config"), config, "quantised weights; take the files without quantisation");
        bool distilled = type == "distilbert", offset = type is "roberta" or "xlm-roberta" or "camembert" or "mpnet";
        int width = config.Int(distilled ? "dim" : "hidden_size", most: MostSize);
        int embedding = type == "electra" ? config.Int("embedding_size", most: MostSize, otherwise: width) : width;
        return new()
        {
            Type = type!,
            Layers = config.Int(distilled ? "n_layers" : "num_hidden_layers", most: MostSize),
            Width = width,
            Heads = config.Int(distilled ? "n_heads" : "num_attention_heads", most: MostSize),
            Intermediate = config.Int(distilled ? "hidden_dim" : "intermediate_size", most: MostSize),
            Vocabulary = config.Int("vocab_size", most: MostSize),
            Positions = config.Int("max_position_embeddings", most: MostSize),
            FirstPosition = offset ? config.Int("pad_token_id", least: 0, most: MostSize, otherwise: 1) + 1 : 0,
            TokenTypes = distilled || type == "mpnet" ? 0 : config.Int("type_vocab_size", least: 0, most: MostSize, otherwise: 2),
            EmbeddingWidth = embedding == width ? null : embedding,
            RelativeBuckets = type == "mpnet" ? config.Int("relative_attention_num_buckets", otherwise: 32) : null,
            Epsilon = distilled ? 1e-12 : config.Number("layer_norm_eps", 1e-12),
            Activation = Activation(config, distilled ? "activation" : "hidden_act"),
            Dropout = config.Number(distilled ? "dropout" : "hidden_dropout_prob", 0.1),
        };
    }

    /// <summary>The activation of a key.</summary>
    /// <exception cref="WeightsException">It is none that is known.</exception>
    public static Activation Activation(PublishedConfig config, string key) => config.Text(key) switch
    {
        null or "gelu" or "gelu_python" => Networks.Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Networks.Activation.GeluTanh,
        "relu" => Networks.Activation.Relu,
        "silu" or "swish" => Networks.Activation.Silu,
        { } other => throw new WeightsException($"{config.File}: asks for the activation '{other}', which this version does not build."),
    };

    /// <summary>Refuses what is not built, in one line.</summary>
    public static void Refuse(bool refused, PublishedConfig config, string what)
    {
        if (refused)
        {
            throw new WeightsException($"{config.File}: asks for {what}, which this version does not build.");
        }
    }
}
