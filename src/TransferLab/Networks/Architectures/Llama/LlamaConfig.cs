using System.Text.Json;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>The Llama family as <c>config.json</c> and safetensors of the hub hold it.</summary>
internal static class LlamaConfig
{
    private const int MostSize = 1 << 21;
    private static readonly string[] s_types = ["llama", "mistral", "qwen2", "qwen3"];

    /// <summary>The shape; null where the type is of another family.</summary>
    /// <exception cref="WeightsException">A value is missing, wrong, or asks for what is not built.</exception>
    public static LlamaShape? Shape(PublishedConfig config)
    {
        string? type = config.Text("model_type");
        if (!s_types.Contains(type))
        {
            return null;
        }

        Refuse(config.Text("hidden_act") is not (null or "silu"), config, $"the activation '{config.Text("hidden_act")}'");
        Refuse(config.Flag("mlp_bias", false), config, "biases in the feed-forward part");
        Refuse(config.Flag("attention_bias", false) && type is not "qwen2", config, "biases in the attention of this type");
        Refuse(config.Value("quantization_config") is not null, config, "quantised weights; take the file without quantisation, or a GGUF");
        int heads = config.Int("num_attention_heads", most: MostSize), width = config.Int("hidden_size", most: MostSize);
        return new()
        {
            Type = type!,
            Layers = config.Int("num_hidden_layers", most: MostSize),
            Width = width,
            Heads = heads,
            KeyValueHeads = config.Int("num_key_value_heads", most: MostSize, otherwise: heads),
            HeadWidth = config.Int("head_dim", most: MostSize, otherwise: type == "qwen3" ? 128 : Math.Max(1, width / heads)),
            FeedForward = config.Int("intermediate_size", most: MostSize),
            Vocabulary = config.Int("vocab_size", most: MostSize),
            Positions = config.Int("max_position_embeddings", most: 1 << 28),
            Epsilon = config.Number("rms_norm_eps", 1e-6),
            Theta = config.Inner("rope_parameters")?.Number("rope_theta", 10_000) ?? config.Number("rope_theta", 10_000),
            Scaling = Scaling(config),
            Biases = type == "qwen2",
            QueryKeyNorms = type == "qwen3",
            Window = Window(config, type!),
            Tied = config.Flag("tie_word_embeddings", false),
        };
    }

    /// <summary>The tensors under the network's names, which are the published ones.</summary>
    public static MappedWeights Weights(IWeightFile file, LlamaShape shape)
    {
        MappedWeights weights = new(file);
        weights.Rename(name => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) ? null : name); // Old files keep what is computed.
        return shape.Tied ? weights.LeaveOut("lm_head.weight") : weights;
    }

    /// <summary><c>config.json</c> of a shape, in the types of transformers.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="special">Ids of special tokens by key, such as <c>eos_token_id</c>.</param>
    /// <param name="type">Of the weights, such as <c>float32</c>.</param>
    public static byte[] Write(LlamaShape shape, IReadOnlyDictionary<string, long> special, string type)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue(
                shape.Type switch { "mistral" => "MistralForCausalLM", "qwen2" => "Qwen2ForCausalLM", "qwen3" => "Qwen3ForCausalLM", _ => "LlamaForCausalLM" });
            json.WriteEndArray();
            json.WriteString("model_type", shape.Type);
            json.WriteString("torch_dtype", type);
            json.WriteString("hidden_act", "silu");
            foreach ((string key, int value) in new (string, int)[]
            {
                ("num_hidden_layers", shape.Layers), ("hidden_size", shape.Width), ("num_attention_heads", shape.Heads),
                    ("num_key_value_heads", shape.KeyValueHeads),
                ("head_dim", shape.HeadWidth), ("intermediate_size", shape.FeedForward), ("vocab_size", shape.Vocabulary),
                    ("max_position_embeddings", shape.Positions),
            })
            {
                json.WriteNumber(key, value);
            }

            json.WriteNumber("rms_norm_eps", shape.Epsilon);
            json.WriteNumber("rope_theta", shape.Theta);
            json.WriteBoolean("tie_word_embeddings", shape.Tied);
            json.WriteBoolean("attention_bias", shape is { Biases: true, Type: "qwen2" });
            if (shape.Window is { } window)
            {
                json.WriteNumber("sliding_window", window);
                json.WriteBoolean("use_sliding_window", value: true);
            }

            if (shape.Scaling is { } scaling)
            {
                json.WriteStartObject("rope_scaling");
                json.WriteString("rope_type", scaling.Type);
                json.WriteNumber("factor", scaling.Factor);
                if (scaling.Type == "llama3")
                {
                    json.WriteNumber("low_freq_factor", scaling.Low);
                    json.WriteNumber("high_freq_factor", scaling.High);
                    json.WriteNumber("original_max_position_embeddings", scaling.Original);
                }

                json.WriteEndObject();
            }

            foreach ((string key, long id) in special)
            {
                json.WriteNumber(key, id);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static RotaryScaling? Scaling(PublishedConfig config)
    {
        PublishedConfig? scaling = config.Inner("rope_scaling") ?? config.Inner("rope_parameters");
        string? type = scaling?.Text("rope_type") ?? scaling?.Text("type");
        if (type is null or "default")
        {
            return null;
        }

        Refuse(type is not ("linear" or "llama3"), config, $"rotary positions stretched by '{type}'");
        RotaryScaling linear = new(type, scaling!.Number("factor"));
        return type == "linear" ? linear : linear with
        {
            Low = scaling.Number("low_freq_factor"),
            High = scaling.Number("high_freq_factor"),
            Original = scaling.Int("original_max_position_embeddings", most: 1 << 28),
        };
    }

    private static int? Window(PublishedConfig config, string type)
    {
        bool uses = type == "mistral" || config.Flag("use_sliding_window", false);
        if (!uses || !config.Has("sliding_window"))
        {
            return null;
        }

        Refuse(type != "mistral", config, "a sliding window in some layers alone");
        return config.Int("sliding_window", most: 1 << 28);
    }

    private static void Refuse(bool refused, PublishedConfig config, string what)
    {
        if (refused)
        {
            throw new WeightsException($"{config.File}: asks for {what}, which this version does not build.");
        }
    }
}
