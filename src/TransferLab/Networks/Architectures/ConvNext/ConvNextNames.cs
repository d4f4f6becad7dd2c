using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>ConvNeXts as they are published: under the names of transformers, torchvision, timm, and of the authors' own files.</summary>
internal static partial class ConvNextNames
{
    /// <summary>What is found; null where it is no ConvNeXt.</summary>
    /// <exception cref="WeightsException">It is one, and damaged or of a kind that is not built.</exception>
    public static (ConvNextShape Shape, IWeightFile Weights, string Title)? Find(PublishedModel model)
    {
        bool transformers = model.ModelType == "convnext";
        Func<string, string?>? rename = transformers ? FromTransformers
            : PublishedImages.Holds(model, "features.1.0.block.0.weight") && PublishedImages.Holds(model, "features.1.0.layer_scale") ? FromTorchvision
            : PublishedImages.Holds(model, "stages.0.blocks.0.conv_dw.weight") && PublishedImages.Holds(model, "stem.0.weight") ? FromTimm
            : PublishedImages.Holds(model, "downsample_layers.0.0.weight") && PublishedImages.Holds(model, "stages.0.0.dwconv.weight") ? FromAuthors
            : null;
        if (rename is null)
        {
            return null;
        }

        MappedWeights weights = PublishedImages.Weights(model, transformers ? "convnext." : "");
        if (weights.Tensors.Keys.FirstOrDefault(name => name.Contains(".grn.", StringComparison.Ordinal)) is { } responses)
        {
            throw new WeightsException($"{model.Path}: '{responses}' is of ConvNeXt V2, whose response normalisation is not built.");
        }

        weights.Rename(rename);
        int stages = weights.Count(stage => $"stage{stage}.0.conv.weight");
        ConvNextShape shape = new()
        {
            Depths = [.. Enumerable.Range(0, stages).Select(stage => weights.Count(block => $"stage{stage}.{block}.conv.weight"))],
            Widths = [.. Enumerable.Range(0, stages).Select(stage => weights.Size($"stage{stage}.0.conv.weight", 0, 4))],
            Patch = weights.Size("stem.weight", 2, 4),
            LayerScale = weights.Tensors.ContainsKey("stage0.0.scale"),
            LastEpsilon = transformers ? model.Config!.Number("layer_norm_eps", 1e-12) : 1e-6,
        };
        return (shape, Flat(weights, shape),
            string.Create(CultureInfo.InvariantCulture, $"ConvNeXt, stages of {string.Join(", ", shape.Depths)} blocks, {shape.Widths[^1]:N0} features"));
    }

    /// <summary>Blocks numbered through all stages; scales and matrices without axes of one.</summary>
    private static MappedWeights Flat(MappedWeights weights, ConvNextShape shape)
    {
        Dictionary<string, int> numbers = shape.Blocks.Select((at, i) => (at, i)).ToDictionary(pair => $"{pair.at.Stage}.{pair.at.Block}", pair => pair.i);
        weights.Rename(name => Block().Match(name) is { Success: true } match && numbers.TryGetValue(match.Groups[1].Value, out int number)
            ? $"blocks.{number}.{match.Groups[2].Value}"
            : name);
        foreach ((string name, TensorEntry entry) in weights.Tensors.ToArray())
        {
            int axes = name.EndsWith(".scale", StringComparison.Ordinal) ? 1 : name.EndsWith(".up.weight", StringComparison.Ordinal)
                || name.EndsWith(".down.weight", StringComparison.Ordinal) ? 2 : 0;
            if (axes > 0 && entry.Shape.Count > axes && entry.Shape.Skip(axes).All(size => size == 1))
            {
                long[] flat = [.. entry.Shape.Take(axes)];
                weights.Turn(name, flat, tensor => tensor.view(flat));
            }
        }

        return weights;
    }

    private static string? FromTransformers(string name) => name.StartsWith("classifier.", StringComparison.Ordinal) ? null
        : Renamed(name, ("embeddings.patch_embeddings.", "stem."), ("embeddings.layernorm.", "stem_norm."), ("layernorm.", "norm."))
        ?? Part(TransformersPart(), name) ?? name;

    private static string? FromTimm(string name) => name.StartsWith("head.fc.", StringComparison.Ordinal) ? null
        : Renamed(name, ("stem.0.", "stem."), ("stem.1.", "stem_norm."), ("head.norm.", "norm."))
        ?? Part(TimmPart(), name) ?? name;

    private static string? FromAuthors(string name) => name.StartsWith("head.", StringComparison.Ordinal) ? null
        : Renamed(name, ("downsample_layers.0.0.", "stem."), ("downsample_layers.0.1.", "stem_norm."))
        ?? Part(AuthorsPart(), name)
        ?? (AuthorsReduction().Match(name) is { Success: true } match
            ? $"stage{match.Groups[1].Value}.0.{(match.Groups[2].Value == "0" ? "reduce_norm" : "reduce")}.{match.Groups[3].Value}"
            : name);

    private static string? FromTorchvision(string name)
    {
        if (name.StartsWith("classifier.2.", StringComparison.Ordinal))
        {
            return null;
        }

        if (Renamed(name, ("features.0.0.", "stem."), ("features.0.1.", "stem_norm."), ("classifier.0.", "norm.")) is { } found)
        {
            return found;
        }

        if (TorchvisionPart().Match(name) is not { Success: true } match)
        {
            return name;
        }

        int at = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return at % 2 == 1
            ? match.Groups[3].Value is "layer_scale"
                ? $"stage{at / 2}.{match.Groups[2].Value}.scale"
                : $"stage{at / 2}.{match.Groups[2].Value}.{Own(match.Groups[3].Value)}"
            : $"stage{at / 2}.0.{(match.Groups[2].Value == "0" ? "reduce_norm" : "reduce")}.{match.Groups[3].Value}";
    }

    private static string? Renamed(string name, params (string From, string To)[] pairs) =>
        pairs.Where(pair => name.StartsWith(pair.From, StringComparison.Ordinal)).Select(pair => pair.To + name[pair.From.Length..]).FirstOrDefault();

    private static string? Part(Regex pattern, string name)
    {
        if (pattern.Match(name) is not { Success: true } match)
        {
            return null;
        }

        string stage = "stage" + match.Groups["stage"].Value;
        return match.Groups["reduction"].Success
            ? $"{stage}.0.{(match.Groups["reduction"].Value == "0" ? "reduce_norm" : "reduce")}.{match.Groups["kind"].Value}"
            : $"{stage}.{match.Groups["block"].Value}.{Own(match.Groups["part"].Value)}";
    }

    /// <summary>The network's name of a part of a block.</summary>
    private static string Own(string part)
    {
        int dot = part.LastIndexOf('.');
        string ending = dot < 0 ? "" : part[dot..];
        return (dot < 0 ? part : part[..dot]) switch
        {
            "layer_scale_parameter" or "gamma" => "scale",
            "dwconv" or "conv_dw" or "block.0" => "conv" + ending,
            "layernorm" or "norm" or "block.2" => "norm" + ending,
            "pwconv1" or "mlp.fc1" or "block.3" => "up" + ending,
            "pwconv2" or "mlp.fc2" or "block.5" => "down" + ending,
            _ => part,
        };
    }

    [GeneratedRegex(@"^stage([0-9]{1,2}\.[0-9]{1,3})\.(.+)$")]
    private static partial Regex Block();

    [GeneratedRegex(
        @"^encoder\.stages\.(?<stage>[0-9]{1,2})\.(?:downsampling_layer\.(?<reduction>[01])\.(?<kind>\w+)|layers\.(?<block>[0-9]{1,3})\.(?<part>.+))$")]
    private static partial Regex TransformersPart();

    [GeneratedRegex(@"^stages\.(?<stage>[0-9]{1,2})\.(?:downsample\.(?<reduction>[01])\.(?<kind>\w+)|blocks\.(?<block>[0-9]{1,3})\.(?<part>.+))$")]
    private static partial Regex TimmPart();

    [GeneratedRegex(@"^stages\.(?<stage>[0-9]{1,2})\.(?<block>[0-9]{1,3})\.(?<part>.+)$")]
    private static partial Regex AuthorsPart();

    [GeneratedRegex(@"^downsample_layers\.([1-9][0-9]?)\.([01])\.(\w+)$")]
    private static partial Regex AuthorsReduction();

    [GeneratedRegex(@"^features\.([1-9][0-9]?)\.([0-9]{1,3})\.(.+)$")]
    private static partial Regex TorchvisionPart();
}
