using System.Globalization;
using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// How images reach a published network: what the user says, else <c>preprocessor_config.json</c> (transformers) or <c>pretrained_cfg</c> of <c>config.json</c>
/// (timm), else the family's usual settings.
/// </summary>
internal static class ImagePreprocessing
{
    private const double Full = 255, LeastCrop = 0.1;
    private const int Bilinear = 2, Bicubic = 3, FullSizeFrom = 384;
    private static readonly string[] s_resampling = ["the nearest pixel", "Lanczos' filter", "bilinear", "bicubic", "a box", "Hamming's filter"];
    private static readonly string[] s_squashing = ["ViT", "DeiT", "Beit", "EfficientNet"];

    /// <summary>The encoder, and what was assumed or differs from the published preparation, for people.</summary>
    /// <param name="model">The files.</param>
    /// <param name="usual">What holds where they say nothing.</param>
    /// <param name="size">The size that the network itself asks for; null where any will do.</param>
    /// <exception cref="WeightsException">The configuration or an option makes no sense.</exception>
    public static (ImageEncoder Encoder, string Assumed) Of(PublishedModel model, ImageSettings usual, int? size = null)
    {
        List<string> assumed = [];
        Settings found = FromTransformers(model, assumed) ?? FromTimm(model) ?? new();
        if ((found.Mean is null || found.Deviation is null) && (model.Options.Mean is null || model.Options.Deviation is null))
        {
            assumed.Insert(0, "images " + usual.Name);
        }

        float[] mean = Channels(model, model.Options.Mean ?? found.Mean, "mean") ?? [.. usual.Mean];
        float[] deviation = Channels(model, model.Options.Deviation ?? found.Deviation, "deviation") ?? [.. usual.Deviation];
        try
        {
            ImageEncoder encoder = new(model.Options.ImageSize ?? found.Size ?? size ?? usual.Size, mean, deviation)
            {
                Crop = found.Crop,
                Filter = found.Filter,
                Fit = found.Fit,
            };
            return (encoder, string.Join("; ", assumed));
        }
        catch (ArgumentException e)
        {
            throw new WeightsException($"{model.Path}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static float[]? Channels(PublishedModel model, IReadOnlyList<double>? values, string what) => values switch
    {
        null => null,
        { Count: 1 } => [(float)values[0], (float)values[0], (float)values[0]],
        { Count: 3 } => [.. values.Select(value => (float)value)],
        _ => throw new WeightsException($"{model.Path}: the {what} of images has {values.Count} values; it is one, or three for red, green and blue."),
    };

    private static Settings? FromTransformers(PublishedModel model, List<string> assumed)
    {
        if (model.Preprocessor is not { } config)
        {
            return null;
        }

        double scale = config.Flag("do_rescale", true) ? config.Number("rescale_factor", 1 / Full) : 1;
        if (!(scale > 0))
        {
            throw new WeightsException($"{config.File}: 'rescale_factor' is above 0, not {scale.ToString(CultureInfo.InvariantCulture)}.");
        }

        bool normalizes = config.Flag("do_normalize", true);
        IReadOnlyList<double>? mean = config.Numbers("image_mean"), deviation = config.Numbers("image_std");
        bool twice = config.Flag("include_top", false);                        // EfficientNet's own files divide by the deviation once more.
        int? target = Side(config, "size"), crop = config.Flag("do_center_crop", false) || config.Has("crop_pct") ? Side(config, "crop_size") : null;
        double share = target is { } resized && crop is { } cut && cut < resized ? (double)cut / resized : 1;
        if (config.Has("crop_pct") && crop is null)
        {
            share = target >= FullSizeFrom ? 1 : config.Number("crop_pct", 1); // ConvNeXt resizes to size / crop_pct.
        }

        int resample = config.Int("resample", 0, s_resampling.Length - 1, otherwise: Bilinear);
        if (resample is not (Bilinear or Bicubic))
        {
            assumed.Add($"its own preparation resizes images by {s_resampling[resample]}, here they are resized bilinearly");
        }

        return new()
        {
            Size = crop ?? target,
            Crop = Math.Clamp(share, LeastCrop, 1),
            Filter = resample == Bicubic ? ImageFilter.Cubic : ImageFilter.Triangle,
            Fit = config.Flag("do_resize", true) && IsSquare(config) ? ImageFit.Squash : ImageFit.Crop,
            Mean = normalizes && mean is not null ? [.. mean.Select(value => value / scale)] : normalizes ? null : [0],
            Deviation = normalizes && deviation is not null
                ? [.. deviation.Select(value => (twice ? value * value : value) / scale)]
                : normalizes
                ? null
                : [1 / scale],
        };
    }

    private static Settings? FromTimm(PublishedModel model)
    {
        if (model.Config?.Inner("pretrained_cfg") is not { } config)
        {
            return null;
        }

        IReadOnlyList<double>? size = config.Numbers("input_size");
        return new()
        {
            Size = size is [_, var height, _] && height is >= 1 and <= ImageSizes.Most ? (int)height : null,
            Crop = Math.Clamp(config.Number("crop_pct", 1), LeastCrop, 1),
            Filter = config.Text("interpolation") == "bicubic" ? ImageFilter.Cubic : ImageFilter.Triangle,
            Fit = config.Text("crop_mode") == "squash" ? ImageFit.Squash : ImageFit.Crop,
            Mean = config.Numbers("mean") is { } mean ? [.. mean.Select(value => value * Full)] : null,
            Deviation = config.Numbers("std") is { } deviation ? [.. deviation.Select(value => value * Full)] : null,
        };
    }

    /// <summary>A side in pixels: a number, or an object with <c>shortest_edge</c> or <c>height</c>.</summary>
    private static int? Side(PublishedConfig config, string key) => config.Value(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } => config.Int(key, 1, ImageSizes.Most),
        _ => config.Inner(key)!.Has("shortest_edge")
            ? config.Inner(key)!.Int("shortest_edge", 1, ImageSizes.Most)
            : config.Inner(key)!.Int("height", 1, ImageSizes.Most),
    };

    /// <summary>Whether both sides are resized: where a height is named, and of a single number by what prepares the images.</summary>
    private static bool IsSquare(PublishedConfig config) => config.Value("size") switch
    {
        { ValueKind: JsonValueKind.Object } size => !size.TryGetProperty("shortest_edge", out _),
        _ => (config.Text("image_processor_type") ?? config.Text("feature_extractor_type")) is { } kind
            && s_squashing.Any(family => kind.StartsWith(family, StringComparison.Ordinal)),
    };

    private sealed record Settings
    {
        public int? Size { get; init; }

        public double Crop { get; init; } = 1;

        public ImageFilter Filter { get; init; }

        public ImageFit Fit { get; init; }

        public IReadOnlyList<double>? Mean { get; init; }

        public IReadOnlyList<double>? Deviation { get; init; }
    }
}
