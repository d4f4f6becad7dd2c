using System.Globalization;
using System.Text.Json;
using TransferLab.Data;
using TransferLab.Inference;

namespace TransferLab.Prediction;

/// <summary>The classes and the preprocessing that a model's metadata holds: the same keys in ONNX and safetensors files.</summary>
internal sealed class ModelMetadataReader
{
    public const string FormatKey = "transferlab.format", ClassesKey = "transferlab.classes";
    public const string SizeKey = "image.size", CropKey = "image.crop", FilterKey = "image.filter", FitKey = "image.fit";
    public const string TokensKey = "text.tokens", VocabularyKey = "text.vocabulary", TokenizerKey = "text.tokenizer", PaddingKey = "text.padding";
    private const int LargestImage = 4096, MostTokens = 1 << 16;

    /// <exception cref="DataException">Something is missing or out of range.</exception>
    public ModelMetadataReader(IReadOnlyDictionary<string, string> metadata, string file)
    {
        if (!metadata.ContainsKey(FormatKey) || !metadata.TryGetValue(ClassesKey, out string? classes))
        {
            throw new DataException(
                $"{file}: not a TransferLab model (its metadata lacks '{FormatKey}' or '{ClassesKey}'); write one with 'transferlab export'.");
        }

        Classes = ReadClasses(classes, file);
        if (metadata.TryGetValue(TokensKey, out string? tokens))
        {
            MaxTokens = int.TryParse(tokens, CultureInfo.InvariantCulture, out int most) && most is >= WordPieceTokenizer.FewestTokens and <= MostTokens
                ? most
                : throw new DataException($"{file}: the preprocessing in the metadata ({TokensKey}) is missing or out of range.");
            if (metadata.TryGetValue(TokenizerKey, out string? json))
            {
                TokenizerJson = json;
                Padding = long.TryParse(metadata.GetValueOrDefault(PaddingKey, "0"), NumberStyles.None, CultureInfo.InvariantCulture, out long padding)
                    ? padding
                    : throw new DataException($"{file}: the preprocessing in the metadata ({PaddingKey}) is no id of a token.");
            }
            else
            {
                Tokenizer = ReadTokenizer(metadata, most, file);
                Padding = Tokenizer.Padding;
            }
        }
        else
        {
            ImageSize = metadata.TryGetValue(SizeKey, out string? text) && int.TryParse(text, CultureInfo.InvariantCulture, out int size)
                && size is > 0 and <= LargestImage
                ? size
                : throw new DataException($"{file}: the preprocessing in the metadata ({SizeKey}) is missing or out of range.");
            View = Crop(metadata) is { } crop && Filter(metadata) is { } filter && Fit(metadata) is { } fit
                ? ImageView.Centre with { Scale = (float)crop, Filter = filter, Fit = fit }
                : throw new DataException($"{file}: the preprocessing in the metadata ({CropKey}, {FilterKey}, {FitKey}) is out of range.");
        }
    }

    public IReadOnlyList<string> Classes { get; }

    public int ImageSize { get; }

    /// <summary>Longest text, tokens; 0 for images.</summary>
    public int MaxTokens { get; }

    /// <summary>The id that fills up a batch of texts.</summary>
    public long Padding { get; }

    /// <summary>Null for images, and for texts that another tokenizer splits.</summary>
    public WordPieceTokenizer? Tokenizer { get; }

    /// <summary>The <c>tokenizer.json</c> of texts that are no word pieces in lower case.</summary>
    public string? TokenizerJson { get; }

    /// <summary>What is seen of an image.</summary>
    public ImageView View { get; } = ImageView.Centre;

    /// <summary>Share of an image's short side that is seen; all of it where nothing is said; null where that makes no sense.</summary>
    public static double? Crop(IReadOnlyDictionary<string, string> metadata) => !metadata.TryGetValue(CropKey, out string? text) ? 1
        : double.TryParse(text, CultureInfo.InvariantCulture, out double crop) && crop is >= 0.1 and <= 1 ? crop : null;

    /// <summary>How images are resized; null where the metadata names no filter.</summary>
    public static ImageFilter? Filter(IReadOnlyDictionary<string, string> metadata) => !metadata.TryGetValue(FilterKey, out string? text) ? ImageFilter.Triangle
        : Enum.TryParse(text, out ImageFilter filter) && Enum.IsDefined(filter) ? filter : null;

    /// <summary>How an image becomes square; null where the metadata names no way that is known.</summary>
    public static ImageFit? Fit(IReadOnlyDictionary<string, string> metadata) => !metadata.TryGetValue(FitKey, out string? text) ? ImageFit.Crop
        : Enum.TryParse(text, out ImageFit fit) && Enum.IsDefined(fit) ? fit : null;

    private static List<string> ReadClasses(string json, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            List<string> classes = [.. document.RootElement.EnumerateArray().Select(name => name.GetString() ?? "")];
            return classes.Count >= 2 ? classes : throw new DataException($"{file}: a model has 2 classes or more; this one has {classes.Count}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{file}: the class names in the metadata are damaged ({e.Message}).", e);
        }
    }

    private static WordPieceTokenizer ReadTokenizer(IReadOnlyDictionary<string, string> metadata, int most, string file)
    {
        if (!metadata.TryGetValue(VocabularyKey, out string? vocabulary))
        {
            throw new DataException($"{file}: the preprocessing in the metadata ({TokensKey}, {VocabularyKey}) is missing or out of range.");
        }

        try
        {
            return new(vocabulary, most);
        }
        catch (ArgumentException e)
        {
            throw new DataException($"{file}: the vocabulary is damaged ({e.Message}).", e);
        }
    }
}
