using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Vision transformers as they are published: ViT, DINOv2 and CLIP under transformers' names, and timm's (which DINOv2's own files have too) and torchvision's.
/// </summary>
internal static partial class VisionTransformerNames
{
    private const int HeadWidth = 64, HugeWidth = 1280, HugeHeads = 16, UsualSize = 224;

    /// <summary>What is found; null where it is no vision transformer.</summary>
    /// <exception cref="WeightsException">It is one, and damaged or of a kind that is not built.</exception>
    public static (VisionTransformerShape Shape, IWeightFile Weights, ImageSettings Usual, string Title)? Find(PublishedModel model)
    {
        if (Transformers(model) is { } transformers)
        {
            return transformers;
        }

        return PublishedImages.Holds(model, "patch_embed.proj.weight") && PublishedImages.Holds(model, "blocks.0.attn.qkv.weight") ? Timm(model)
            : PublishedImages.Holds(model, "conv_proj.weight") && PublishedImages.Holds(model, "class_token") ? Torchvision(model)
            : null;
    }

    private static (VisionTransformerShape, IWeightFile, ImageSettings, string)? Transformers(PublishedModel model)
    {
        (string prefix, PublishedConfig config, ImageSettings usual, string family) = model.ModelType switch
        {
            "vit" => ("vit.", model.Config!, ImageSettings.Centred, "ViT"),
            "dinov2" => ("dinov2.", model.Config!, ImageSettings.ImageNet, "DINOv2"),
            "dinov2_with_registers" => ("dinov2_with_registers.", model.Config!, ImageSettings.ImageNet, "DINOv2 with registers"),
            "clip_vision_model" => ("vision_model.", model.Config!, ImageSettings.Clip, "CLIP's image tower"),
            "clip" => ("vision_model.", model.Config!.Inner("vision_config") ?? model.Config!, ImageSettings.Clip, "CLIP's image tower"),
            _ => ("", null!, null!, ""),
        };
        if (prefix.Length == 0)
        {
            return null;
        }

        bool isClip = family.StartsWith("CLIP", StringComparison.Ordinal);
        MappedWeights weights = PublishedImages.Weights(model, prefix);
        if (weights.Tensors.Keys.FirstOrDefault(name => name.Contains("mlp.weights_in", StringComparison.Ordinal)) is { } gated)
        {
            throw new WeightsException($"{model.Path}: '{gated}' is of a gated feed-forward part (SwiGLU, as in DINOv2-giant), which is not built.");
        }

        weights.Rename(isClip ? FromClip : FromTransformers);
        if (isClip)
        {
            Reshape(weights, "embeddings.class_token", 1);
            Reshape(weights, "embeddings.positions", 2);
        }

        VisionTransformerShape shape = Shape(weights, config.Int("num_attention_heads", otherwise: isClip ? 12 : null)) with
        {
            Epsilon = config.Number("layer_norm_eps", isClip ? 1e-5 : 1e-12),
            Activation = ActivationOf(config, isClip ? "quick_gelu" : "gelu"),
            SmoothPositions = model.ModelType == "dinov2_with_registers",
        };
        return (shape, weights, usual with { Size = SizeOf(shape) }, Title(family, shape));
    }

    private static (VisionTransformerShape, IWeightFile, ImageSettings, string) Timm(PublishedModel model)
    {
        MappedWeights weights = PublishedImages.Weights(model);
        if (weights.Tensors.ContainsKey("blocks.0.attn.q_norm.weight") || !weights.Tensors.ContainsKey("cls_token")
            || !weights.Tensors.ContainsKey("pos_embed"))
        {
            throw new WeightsException(
                $"{model.Path}: a vision transformer without class token or position embeddings, or with normalised queries, is not built.");
        }

        foreach (int i in Enumerable.Range(0, weights.Count(layer => $"blocks.{layer}.attn.qkv.weight")))
        {
            Split(weights, $"blocks.{i}.attn.qkv.weight", $"layers.{i}.", ".weight");
            Split(weights, $"blocks.{i}.attn.qkv.bias", $"layers.{i}.", ".bias");
        }

        weights.Rename(FromTimm);
        bool isDino = weights.Tensors.ContainsKey("layers.0.scale1");
        VisionTransformerShape shape = Shape(weights, HeadsOf(model, weights)) with { SmoothPositions = true };
        return (shape, weights, (isDino ? ImageSettings.ImageNet : ImageSettings.Centred) with { Size = SizeOf(shape) },
            Title(isDino ? "DINOv2" : "ViT", shape));
    }

    private static (VisionTransformerShape, IWeightFile, ImageSettings, string) Torchvision(PublishedModel model)
    {
        MappedWeights weights = PublishedImages.Weights(model);
        foreach (int i in Enumerable.Range(0, weights.Count(layer => $"encoder.layers.encoder_layer_{layer}.self_attention.in_proj_weight")))
        {
            Split(weights, $"encoder.layers.encoder_layer_{i}.self_attention.in_proj_weight", $"layers.{i}.", ".weight");
            Split(weights, $"encoder.layers.encoder_layer_{i}.self_attention.in_proj_bias", $"layers.{i}.", ".bias");
        }

        weights.Rename(FromTorchvision);
        VisionTransformerShape shape = Shape(weights, HeadsOf(model, weights));
        return (shape, weights, ImageSettings.ImageNet with { Size = SizeOf(shape) }, Title("ViT", shape));
    }

    private static VisionTransformerShape Shape(MappedWeights weights, int heads)
    {
        int width = weights.Size("embeddings.positions", 2, 3), positions = weights.Size("embeddings.positions", 1, 3), grid = (int)Math.Sqrt(positions);
        bool ofClass = positions == (grid * grid) + 1;
        if ((!ofClass && positions != grid * grid) || heads < 1 || width % heads != 0)
        {
            throw new WeightsException(
                $"{weights.Path}: {positions} positions of width {width} with {heads} attention heads are no vision transformer of square images.");
        }

        return new()
        {
            Layers = weights.Count(layer => $"layers.{layer}.query.weight"),
            Width = width,
            Heads = heads,
            FeedForward = weights.Size("layers.0.up.weight", 0, 2),
            Patch = weights.Size("embeddings.patches.weight", 2, 4),
            Grid = grid,
            Registers = weights.Tensors.ContainsKey("embeddings.registers") ? weights.Size("embeddings.registers", 1, 3) : 0,
            ClassPosition = ofClass,
            PatchBias = weights.Tensors.ContainsKey("embeddings.patches.bias"),
            AttentionBias = weights.Tensors.ContainsKey("layers.0.query.bias"),
            InputNorm = weights.Tensors.ContainsKey("embeddings.norm.weight"),
            LayerScale = weights.Tensors.ContainsKey("layers.0.scale1"),
        };
    }

    /// <summary>Heads of 64, as almost all have, where the configuration does not say.</summary>
    private static int HeadsOf(PublishedModel model, MappedWeights weights)
    {
        int width = weights.Size("embeddings.positions", 2, 3);
        int usual = width == HugeWidth ? HugeHeads : Math.Max(1, width / HeadWidth);
        return (model.Config?.Inner("model_args") ?? model.Config)?.Int("num_heads", otherwise: usual) ?? usual;
    }

    /// <summary>The size of pretraining; 224 for DINOv2, which was trained at 518 last and is used at 224.</summary>
    private static int SizeOf(VisionTransformerShape shape) => shape.LayerScale && shape.Grid * shape.Patch > UsualSize
        ? UsualSize / shape.Patch * shape.Patch
        : shape.Grid * shape.Patch;

    private static Activation ActivationOf(PublishedConfig config, string otherwise) => (config.Text("hidden_act") ?? otherwise) switch
    {
        "gelu" => Activation.Gelu,
        "quick_gelu" => Activation.QuickGelu,
        var other => throw new WeightsException($"{config.File}: a vision transformer with the activation '{other}' is not built."),
    };

    private static string Title(string family, VisionTransformerShape shape) =>
        string.Create(CultureInfo.InvariantCulture, $"{family}, {shape.Layers} layers, patches of {shape.Patch} px, {shape.Width:N0} features");

    /// <summary>One matrix of query, key and value into three.</summary>
    private static void Split(MappedWeights weights, string name, string layer, string ending)
    {
        if (!weights.Tensors.TryGetValue(name, out TensorEntry? entry))
        {
            return;
        }

        long rows = entry.Shape[0] / 3;
        long[] shape = [rows, .. entry.Shape.Skip(1)];
        string[] parts = ["query", "key", "value"];
        weights.Make([.. parts.Select(part => (layer + part + ending, (IReadOnlyList<long>)shape))], [name], tensors =>
            [.. parts.Select((_, i) => tensors[0].narrow(0, i * rows, rows))]);
    }

    private static void Reshape(MappedWeights weights, string name, int axes)
    {
        if (weights.Tensors.TryGetValue(name, out TensorEntry? entry) && entry.Shape.Count == axes)
        {
            long[] shape = axes == 1 ? [1, 1, .. entry.Shape] : [1, .. entry.Shape];
            weights.Turn(name, shape, tensor => tensor.view(shape));
        }
    }

    private static string? FromTransformers(string name) => name switch
    {
        "embeddings.cls_token" => "embeddings.class_token",
        "embeddings.register_tokens" => "embeddings.registers",
        "embeddings.position_embeddings" => "embeddings.positions",
        "embeddings.patch_embeddings.projection.weight" => "embeddings.patches.weight",
        "embeddings.patch_embeddings.projection.bias" => "embeddings.patches.bias",
        "embeddings.mask_token" => null,
        _ when name.StartsWith("pooler.", StringComparison.Ordinal) || name.StartsWith("classifier.", StringComparison.Ordinal) => null,
        _ when name.StartsWith("layernorm.", StringComparison.Ordinal) => name["layer".Length..],
        _ => Layer(name, TransformersLayer(), part => part switch
        {
            "attention.attention.query" => "query",
            "attention.attention.key" => "key",
            "attention.attention.value" => "value",
            "attention.output.dense" => "output",
            "intermediate.dense" or "mlp.fc1" => "up",
            "output.dense" or "mlp.fc2" => "down",
            "layernorm_before" or "norm1" => "norm1",
            "layernorm_after" or "norm2" => "norm2",
            _ => null,
        }) ?? Scale().Replace(name, "layers.$1.scale$2"),
    };

    private static string? FromClip(string name) => name switch
    {
        "embeddings.class_embedding" => "embeddings.class_token",
        "embeddings.position_embedding.weight" => "embeddings.positions",
        "embeddings.patch_embedding.weight" => "embeddings.patches.weight",
        "pre_layrnorm.weight" => "embeddings.norm.weight",
        "pre_layrnorm.bias" => "embeddings.norm.bias",
        "post_layernorm.weight" => "norm.weight",
        "post_layernorm.bias" => "norm.bias",
        "embeddings.position_ids" or "logit_scale" => null,
        _ when name.StartsWith("text_", StringComparison.Ordinal) || name.StartsWith("visual_projection.", StringComparison.Ordinal) => null,
        _ => Layer(name, ClipLayer(), part => part switch
        {
            "self_attn.q_proj" => "query",
            "self_attn.k_proj" => "key",
            "self_attn.v_proj" => "value",
            "self_attn.out_proj" => "output",
            "mlp.fc1" => "up",
            "mlp.fc2" => "down",
            "layer_norm1" => "norm1",
            "layer_norm2" => "norm2",
            _ => null,
        }) ?? name,
    };

    private static string? FromTimm(string name) => name switch
    {
        "cls_token" => "embeddings.class_token",
        "reg_token" or "register_tokens" => "embeddings.registers",
        "pos_embed" => "embeddings.positions",
        "patch_embed.proj.weight" => "embeddings.patches.weight",
        "patch_embed.proj.bias" => "embeddings.patches.bias",
        "norm_pre.weight" => "embeddings.norm.weight",
        "norm_pre.bias" => "embeddings.norm.bias",
        "mask_token" => null,
        _ when name.StartsWith("head.", StringComparison.Ordinal) => null,
        _ => Layer(name, TimmLayer(), part => part switch
        {
            "attn.proj" => "output",
            "mlp.fc1" => "up",
            "mlp.fc2" => "down",
            "norm1" or "norm2" => part,
            _ => null,
        }) ?? Scale().Replace(name, "layers.$1.scale$2"),
    };

    private static string? FromTorchvision(string name) => name switch
    {
        "class_token" => "embeddings.class_token",
        "encoder.pos_embedding" => "embeddings.positions",
        "conv_proj.weight" => "embeddings.patches.weight",
        "conv_proj.bias" => "embeddings.patches.bias",
        "encoder.ln.weight" => "norm.weight",
        "encoder.ln.bias" => "norm.bias",
        _ when name.StartsWith("heads.", StringComparison.Ordinal) => null,
        _ => Layer(name, TorchvisionLayer(), part => part switch
        {
            "self_attention.out_proj" => "output",
            "mlp.0" or "mlp.linear_1" => "up",
            "mlp.3" or "mlp.linear_2" => "down",
            "ln_1" => "norm1",
            "ln_2" => "norm2",
            _ => null,
        }) ?? name,
    };

    private static string? Layer(string name, Regex pattern, Func<string, string?> part) => pattern.Match(name) is { Success: true } match
        && part(match.Groups[2].Value) is { } found
        ? $"layers.{match.Groups[1].Value}.{found}.{match.Groups[3].Value}"
        : null;

    [GeneratedRegex(@"^encoder\.layer\.([0-9]{1,3})\.(.+)\.(weight|bias)$")]
    private static partial Regex TransformersLayer();

    [GeneratedRegex(@"^encoder\.layers\.([0-9]{1,3})\.(.+)\.(weight|bias)$")]
    private static partial Regex ClipLayer();

    [GeneratedRegex(@"^blocks\.([0-9]{1,3})\.(.+)\.(weight|bias)$")]
    private static partial Regex TimmLayer();

    [GeneratedRegex(@"^encoder\.layers\.encoder_layer_([0-9]{1,3})\.(.+)\.(weight|bias)$")]
    private static partial Regex TorchvisionLayer();

    [GeneratedRegex(@"^(?:encoder\.layer|blocks)\.([0-9]{1,3})\.(?:layer_scale|ls)([12])\.(?:lambda1|gamma)$")]
    private static partial Regex Scale();
}
