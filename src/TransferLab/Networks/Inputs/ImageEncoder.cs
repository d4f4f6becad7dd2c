using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks.Weights;
using TransferLab.Prediction;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Images: the short side resized to the network's size (or a little more: <see cref="Crop"/>), or both sides (<see cref="Fit"/>), the centre cropped, then the
/// normalisation of pretraining: (pixel - mean) / deviation, with pixels from 0 to 255.
/// </summary>
public sealed record ImageEncoder : InputEncoder
{
    private const string SizeKey = ModelMetadataReader.SizeKey, DeviationKey = "image.deviation", ChannelsKey = "image.channels",
        MeanTensor = "preprocessing.mean";
    private const string CropKey = ModelMetadataReader.CropKey, FilterKey = ModelMetadataReader.FilterKey, FitKey = ModelMetadataReader.FitKey;
    private readonly string _meanHash;
    private readonly int _size;
    private readonly double _crop = 1;

    /// <summary>An encoder for square images.</summary>
    /// <param name="size">Width and height that the network sees, pixels.</param>
    /// <param name="mean">Mean image as planes [3, M, M] in <paramref name="order"/>, resized to <paramref name="size"/>; or three channel means; default
    /// zero.</param>
    /// <param name="deviation">Divisor of all channels.</param>
    /// <param name="order">Channel order of the network and of the mean.</param>
    public ImageEncoder(int size, ReadOnlyMemory<float> mean = default, float deviation = 1, ChannelOrder order = ChannelOrder.Rgb)
        : this(size, mean, [deviation], order)
    {
    }

    /// <summary>An encoder for square images whose channels are divided each by a number of its own.</summary>
    /// <param name="size">Width and height that the network sees, pixels.</param>
    /// <param name="mean">Mean image as planes [3, M, M] in <paramref name="order"/>, resized to <paramref name="size"/>; or three channel means; empty for
    /// zero.</param>
    /// <param name="deviations">Divisors of the channels in <paramref name="order"/>: three, or one for all.</param>
    /// <param name="order">Channel order of the network, of the mean and of the divisors.</param>
    public ImageEncoder(int size, ReadOnlyMemory<float> mean, IReadOnlyList<float> deviations, ChannelOrder order = ChannelOrder.Rgb)
    {
        if (deviations.Count is not (1 or 3) || !deviations.All(deviation => deviation > 0 && float.IsFinite(deviation)))
        {
            throw new ArgumentOutOfRangeException(nameof(deviations), string.Create(
                CultureInfo.InvariantCulture,
                    $"The deviation divides pixels: it is a number above 0 or three, not "
                        + $"{string.Join(", ", deviations.Select(value => value.ToString(CultureInfo.InvariantCulture)))}."));
        }

        Size = size;
        Mean = mean.IsEmpty ? new float[3] : mean;
        MeanSize = (int)Math.Round(Math.Sqrt(Mean.Length / 3.0));
        if (Mean.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            throw new ArgumentException("A mean holds a value that is no finite number.", nameof(mean));
        }

        if (3 * MeanSize * MeanSize != Mean.Length)
        {
            throw new ArgumentException($"A mean has 3 or 3 x M x M values; given {Mean.Length}.", nameof(mean));
        }

        Deviations = deviations.Distinct().Count() == 1 ? [deviations[0]] : [.. deviations];
        Order = order;
        _meanHash = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(Mean.Span))).ToLowerInvariant();
    }

    /// <summary>Width and height that the network sees, pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 or more than 4096.</exception>
    public int Size
    {
        get => _size;
        init => _size = value is >= 1 and <= ImageSizes.Most
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), $"Images are 1 to {ImageSizes.Most} px wide for a network, not {value}.");
    }

    /// <summary>Mean as planes [3, M, M], 0 to 255.</summary>
    public ReadOnlyMemory<float> Mean { get; }

    /// <summary>M, the width and height of the mean image; 1 for channel means.</summary>
    public int MeanSize { get; }

    /// <summary>Divisor of all channels; of the first one where they differ.</summary>
    public float Deviation => Deviations[0];

    /// <summary>Divisors of the channels in <see cref="Order"/>: three, or one for all.</summary>
    public IReadOnlyList<float> Deviations { get; }

    /// <summary>Share of the short side that the network sees, in the middle: 0.875 where images are resized to 256 px and cropped to 224.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0.1 or more than 1.</exception>
    public double Crop
    {
        get => _crop;
        init => _crop = value is >= 0.1 and <= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Crop), string.Create(CultureInfo.InvariantCulture, $"The part of an image that is seen is 0.1 to 1 of its short side, not {value}."));
    }

    /// <summary>How images are resized.</summary>
    public ImageFilter Filter { get; init; }

    /// <summary>How images that are not square become so; varied views of training keep their shapes either way.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>Channel order of the network.</summary>
    public ChannelOrder Order { get; }

    /// <summary>What a batch takes in the network that it is for.</summary>
    internal StepMemory Memory { get; init; } = StepMemory.Usual;

    /// <summary>Where pixels come from.</summary>
    internal PixelReader Pixels { get; init; } = PixelReader.Files;

    /// <summary>How one is found in a model file.</summary>
    internal static EncoderFormat Format { get; } = new("images", metadata => metadata.ContainsKey(SizeKey), From);

    /// <inheritdoc/>
    public override InputKind Kind => InputKind.Image;

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{(Fit == ImageFit.Squash ? "squashed" : "short side")} to {PreparedSize} px{(Filter == ImageFilter.Cubic ? " (bicubic)" : "")}, "
            + $"centre crop{(Crop == 1 ? "" : $" of {Size} px")}, "
            + $"{(MeanSize > 1 ? "minus mean image" : "minus channel means")}"
                + $"{(Deviations is [1] ? "" : $", divided by {string.Join(", ", Deviations.Select(value => value.ToString(CultureInfo.InvariantCulture)))}")}");

    /// <inheritdoc/>
    public override string Key => string.Create(CultureInfo.InvariantCulture,
        $"image/{Size}/{Order}/{DeviationText}/{_meanHash}{CropAndFilter}{FitText}{Pixels.Key}");

    private string DeviationText => string.Join(',', Deviations.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private string CropAndFilter => Crop == 1 && Filter == ImageFilter.Triangle ? "" : string.Create(CultureInfo.InvariantCulture, $"/{Crop:R}/{Filter}");

    private string FitText => Fit == ImageFit.Crop ? "" : $"/{Fit}";

    /// <summary>What evaluation sees of an image.</summary>
    internal ImageView View => ImageView.Centre with { Scale = (float)Crop, Filter = Filter, Fit = Fit };

    /// <summary>The size that the whole middle of an image is resized to, of which the network sees the middle; pixels.</summary>
    internal int PreparedSize => (int)Math.Round(Size / Crop);

    /// <summary>The encoder for an ML.NET pipeline, whose steps crop and resize in their own way.</summary>
    internal ImageEncoder Through(PixelReader pixels) => this with { Pixels = pixels, Crop = 1, Filter = ImageFilter.Triangle, Fit = ImageFit.Crop };

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, ReadOnlyMemory<float> Values, long[] Shape)> Constants => [(MeanTensor, Mean, [3, MeanSize, MeanSize])];

    /// <inheritdoc/>
    public override bool AddTo(IDictionary<string, string> metadata)
    {
        metadata[SizeKey] = Size.ToString(CultureInfo.InvariantCulture);
        metadata[DeviationKey] = DeviationText;
        metadata[ChannelsKey] = Order.ToString();
        if (Crop != 1)
        {
            metadata[CropKey] = Crop.ToString("R", CultureInfo.InvariantCulture);
        }

        if (Filter != ImageFilter.Triangle)
        {
            metadata[FilterKey] = Filter.ToString();
        }

        if (Fit != ImageFit.Crop)
        {
            metadata[FitKey] = Fit.ToString();
        }

        return true;
    }

    /// <summary>The mean in the network's channel order, at the network's size: [1, 3, size, size], or [1, 3, 1, 1] for channel means.</summary>
    internal Tensor MeanAtSize(Device device)
    {
        Tensor mean = tensor(Mean.ToArray(), [1, 3, MeanSize, MeanSize], device: device);
        return MeanSize > 1 && MeanSize != Size ? nn.functional.interpolate(mean, [Size, Size], mode: InterpolationMode.Bilinear, align_corners: false) : mean;
    }

    /// <summary>The encoder of a model file.</summary>
    /// <exception cref="WeightsException">The metadata is missing or out of range.</exception>
    internal static ImageEncoder From(SafetensorsFile file)
    {
        IReadOnlyDictionary<string, string> metadata = file.Metadata;
        if (metadata.TryGetValue(SizeKey, out string? sizeText) && int.TryParse(sizeText, CultureInfo.InvariantCulture, out int size)
            && size is > 0 and <= ImageSizes.Most
            && metadata.TryGetValue(DeviationKey, out string? deviationText) && Numbers(deviationText) is { } deviations
            && ModelMetadataReader.Crop(metadata) is { } crop && ModelMetadataReader.Filter(metadata) is { } filter
            && ModelMetadataReader.Fit(metadata) is { } fit
            && metadata.TryGetValue(ChannelsKey, out string? channels) && Enum.TryParse(channels, out ChannelOrder order) && Enum.IsDefined(order))
        {
            try
            {
                return new(size, file.Tensors.ContainsKey(MeanTensor) ? file.ReadFloats(MeanTensor) : [], deviations, order)
                {
                    Crop = crop,
                    Filter = filter,
                    Fit = fit,
                };
            }
            catch (ArgumentException e)
            {
                throw new WeightsException($"{file.Path}: the mean image is damaged ({e.Message}).", e);
            }
        }

        throw new WeightsException(
            $"{file.Path}: the preprocessing in the metadata ({SizeKey}, {DeviationKey}, {ChannelsKey}, {CropKey}, {FilterKey}, {FitKey}) is missing or out of "
                + "range.");
    }

    private static float[]? Numbers(string text)
    {
        string[] parts = text.Split(',');
        float[] numbers = [.. parts.Select(part => float.TryParse(part, CultureInfo.InvariantCulture, out float number) ? number : 0)];
        return numbers.Length is 1 or 3 && numbers.All(number => number > 0 && float.IsFinite(number)) ? numbers : null;
    }

    /// <inheritdoc/>
    /// <returns>[N, size, size, 3] uint8, red first.</returns>
    /// <exception cref="UnreadableImageException">An image file cannot be decoded whole.</exception>
    /// <exception cref="ArgumentException">The batch would not fit into memory.</exception>
    public override Tensor Encode(IReadOnlyList<Example> examples, AugmentedViews? views, CancellationToken cancellation)
    {
        Memory.Require(Size, examples.Count, trains: views is not null);
        int bytes = Size * Size * 3;
        byte[] pixels = new byte[examples.Count * bytes];
        ParallelLoop.Run(examples.Count, Render, cancellation);
        return tensor(pixels, [examples.Count, Size, Size, 3], ScalarType.Byte);

        void Render(int i)
        {
            ImageView view = views is null ? View : ImageViews.Draw(views.Augmentation, views.Seeds[i]);
            Pixels.Render(examples[i].Source, Size, view, pixels.AsSpan(i * bytes, bytes));
        }
    }

    /// <inheritdoc/>
    /// <returns>[N, 3, size, size], stored channels-last.</returns>
    public override Batch Normalize(Tensor raw, Device device, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = raw.to(device).to(ScalarType.Float32);                                   // (N, H, W, 3)
        if (Order == ChannelOrder.Bgr)
        {
            images = images.flip(3);
        }

        images = images.Minus(MeanAtSize(device).permute(0, 2, 3, 1));                               // (N, H, W, 3)
        images = Deviations is [1] ? images : images.div(Deviations is [var one] ? tensor(one, device: device) : tensor([.. Deviations], device: device));
        return images.to(type).permute(0, 3, 1, 2).MoveToOuterDisposeScope();                    // (N, 3, H, W)
    }
}
