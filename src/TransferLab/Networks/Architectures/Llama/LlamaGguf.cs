using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>The Llama family as GGUF files hold it.</summary>
internal static partial class LlamaGguf
{
    private const int MostSize = 1 << 21;
    private const string Factors = "rope_freqs.weight";
    private static readonly string[] s_types = ["llama", "qwen2", "qwen3"];
    private static readonly (string Gguf, string Published)[] s_outer =
        [("token_embd.weight", "model.embed_tokens.weight"), ("output_norm.weight", "model.norm.weight"), ("output.weight", "lm_head.weight")];

    private static readonly (string Gguf, string Published)[] s_inner =
    [
        ("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm"), ("attn_q_norm", "self_attn.q_norm"), ("attn_k_norm", "self_attn.k_norm"),
        ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"), ("attn_output", "self_attn.o_proj"),
        ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
    ];

    /// <summary>The shape; null where the file is of another family.</summary>
    /// <exception cref="WeightsException">A value is missing or wrong, or asks for what is not built.</exception>
    public static LlamaShape? Shape(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string? type = metadata.Text("general.architecture");
        if (!s_types.Contains(type))
        {
            return null;
        }

        int Int(string key, int? otherwise = null)
        {
            string full = $"{type}.{key}";
            long value = metadata.Integer(full) ?? otherwise ?? metadata.Required<long>(full, null);
            return value is > 0 and <= 1 << 28 ? (int)value : throw metadata.Error($"the metadata '{full}' are {value}, which no network has");
        }

        string? scaling = metadata.Text($"{type}.rope.scaling.type");
        if (scaling is not (null or "none" or "linear"))
        {
            throw metadata.Error($"asks for rotary positions stretched by '{scaling}', which this version does not build");
        }

        if (metadata.Integer($"{type}.expert_count") is > 0)
        {
            throw metadata.Error("is a mixture of experts, which this version does not build");
        }

        int heads = Int("attention.head_count"), width = Int("embedding_length");
        TensorEntry embedding = file.Tensors.TryGetValue("token_embd.weight", out TensorEntry? found)
            ? found
            : throw metadata.Error("holds no 'token_embd.weight'");
        return new()
        {
            Type = type!,
            Layers = Int("block_count"),
            Width = width,
            Heads = heads,
            KeyValueHeads = Int("attention.head_count_kv", heads),
            HeadWidth = Int("attention.key_length", Math.Max(1, width / heads)),
            FeedForward = Int("feed_forward_length"),
            Vocabulary = embedding.Shape[0] is > 1 and <= MostSize
                ? (int)embedding.Shape[0]
                : throw metadata.Error($"has an embedding of {embedding}, which no network has"),
            Positions = Int("context_length"),
            Epsilon = metadata.Number($"{type}.attention.layer_norm_rms_epsilon") ?? 1e-5,
            Theta = metadata.Number($"{type}.rope.freq_base") ?? 10_000,
            Scaling = scaling == "linear" ? new("linear", metadata.Number($"{type}.rope.scaling.factor") ?? 1) : null,
            FrequencyFactors = file.Tensors.ContainsKey(Factors) ? [.. file.ReadFloats(Factors).Select(factor => (double)factor)] : null,
            Biases = file.Tensors.ContainsKey("blk.0.attn_q.bias"),
            QueryKeyNorms = file.Tensors.ContainsKey("blk.0.attn_q_norm.weight"),
            Window = metadata.Integer($"{type}.attention.sliding_window") is > 0 and var window ? (int)window : null,
            Tied = !file.Tensors.ContainsKey("output.weight"),
        };
    }

    /// <summary>The tensors under the network's names; rows of queries and keys in the network's order.</summary>
    public static MappedWeights Weights(GgufFile file, LlamaShape shape)
    {
        MappedWeights weights = new(file);
        foreach ((string name, TensorEntry entry) in file.Tensors)
        {
            if (RotaryRows.Heads(file.Metadata, name) is { } heads)
            {
                weights.Turn(name, entry.Shape, rows => RotaryRows.ToHalves(rows, heads));
            }
        }

        return weights.Rename(name => name == Factors || (name == "output.weight" && shape.Tied) ? null : Published(name) ?? name);
    }

    /// <summary>What a file's header says of a network.</summary>
    public static List<KeyValuePair<string, object>> Metadata(LlamaShape shape)
    {
        string type = Type(shape);
        List<KeyValuePair<string, object>> list = [];
        void Add(string key, object value) => list.Add(new($"{type}.{key}", value));
        Add("context_length", (uint)shape.Positions);
        Add("embedding_length", (uint)shape.Width);
        Add("block_count", (uint)shape.Layers);
        Add("feed_forward_length", (uint)shape.FeedForward);
        Add("attention.head_count", (uint)shape.Heads);
        Add("attention.head_count_kv", (uint)shape.KeyValueHeads);
        Add("attention.key_length", (uint)shape.HeadWidth);
        Add("attention.value_length", (uint)shape.HeadWidth);
        Add("attention.layer_norm_rms_epsilon", (float)shape.Epsilon);
        Add("rope.freq_base", (float)shape.Theta);
        Add("rope.dimension_count", (uint)shape.HeadWidth);
        Add("vocab_size", (uint)shape.Vocabulary);
        if (shape.Scaling is { Type: "linear" } scaling)
        {
            Add("rope.scaling.type", "linear");
            Add("rope.scaling.factor", (float)scaling.Factor);
        }

        if (shape.Window is { } window)
        {
            Add("attention.sliding_window", (uint)window);
        }

        return list;
    }

    /// <summary>A network's tensors in the file's names; rows of queries and keys in the file's order.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="state">By published names, float32; they stay the caller's.</param>
    /// <param name="type">Of matrices; vectors are F32.</param>
    public static List<GgufTensor> Tensors(LlamaShape shape, IReadOnlyDictionary<string, Tensor> state, string type)
    {
        List<GgufTensor> tensors = [];
        if ((shape.FrequencyFactors ?? (shape.Scaling is { Type: "llama3" } scaling ? scaling.Factors(shape.HeadWidth, shape.Theta) : null)) is { } factors)
        {
            tensors.Add(new(Factors, [factors.Count], "F32", () => tensor([.. factors.Select(factor => (float)factor)])));
        }

        foreach ((string published, Tensor value) in state)
        {
            string name = Gguf(published) ?? throw new NotSupportedException($"The tensor '{published}' has no name in GGUF.");
            long? heads = PairedHeads(shape, name);
            tensors.Add(new(name, value.shape, value.dim() == 1 ? "F32" : type, () => heads is { } paired ? RotaryRows.ToPairs(value, paired) : value.alias()));
        }

        return tensors;
    }

    /// <summary>How many heads' rows a file of this network keeps in adjacent pairs in a tensor; null where none.</summary>
    public static long? PairedHeads(LlamaShape shape, string gguf) => Type(shape) != "llama" || Block().Match(gguf) is not { Success: true } match ? null
        : match.Groups[2].ValueSpan switch
        {
            "attn_q" => shape.Heads,
            "attn_k" => shape.KeyValueHeads,
            _ => null,
        };

    /// <summary>The architecture that a file names: Mistral's network is a Llama there.</summary>
    public static string Type(LlamaShape shape) => shape.Type == "mistral" ? "llama" : shape.Type;

    /// <summary>The published name of a tensor of a GGUF file; null where it has none.</summary>
    public static string? Published(string gguf)
    {
        if (s_outer.FirstOrDefault(pair => pair.Gguf == gguf) is { Published: { } outer })
        {
            return outer;
        }

        return Block().Match(gguf) is { Success: true } match && s_inner.FirstOrDefault(pair => pair.Gguf == match.Groups[2].Value) is { Published: { } inner }
            ? $"model.layers.{match.Groups[1].Value}.{inner}.{match.Groups[3].Value}"
            : null;
    }

    /// <summary>The name in a GGUF file of a published tensor; null where it has none.</summary>
    public static string? Gguf(string published)
    {
        if (s_outer.FirstOrDefault(pair => pair.Published == published) is { Gguf: { } outer })
        {
            return outer;
        }

        return Layer().Match(published) is { Success: true } match
            && s_inner.FirstOrDefault(pair => pair.Published == match.Groups[2].Value) is { Gguf: { } inner }
            ? $"blk.{match.Groups[1].Value}.{inner}.{match.Groups[3].Value}"
            : null;
    }

    [GeneratedRegex(@"^blk\.(\d+)\.([a-z_]+)\.(weight|bias)$")]
    private static partial Regex Block();

    [GeneratedRegex(@"^model\.layers\.(\d+)\.([a-z_.]+)\.(weight|bias)$")]
    private static partial Regex Layer();
}
