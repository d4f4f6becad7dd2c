using System.Globalization;
using Microsoft.Extensions.AI;

namespace TransferLab.Retrieval;

/// <summary>What decides how an index was made, kept with it.</summary>
/// <param name="IsEnglish">Whether words are stemmed as in English.</param>
/// <param name="Embeddings">What made its vectors; null for none.</param>
/// <param name="Width">Numbers of a vector; 0 for none.</param>
internal sealed record IndexSettings(bool IsEnglish, string? Embeddings, int Width)
{
    private const string FormatKey = "transferlab.format", Format = "1", EnglishKey = "english", EmbeddingsKey = "embeddings", WidthKey = "width";
    private const int MostWidth = 1 << 16;

    /// <summary>What embeddings go by.</summary>
    public static string NameOf(IEmbeddingGenerator<string, Embedding<float>> embeddings) =>
        embeddings.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { DefaultModelId: { Length: > 0 } id } ? id
            : embeddings.GetType().Name;

    public Dictionary<string, string> ToData()
    {
        Dictionary<string, string> data = new() { [FormatKey] = Format, [EnglishKey] = IsEnglish ? "true" : "false" };
        if (Embeddings is not null)
        {
            data[EmbeddingsKey] = Embeddings;
            data[WidthKey] = Width.ToString(CultureInfo.InvariantCulture);
        }

        return data;
    }

    /// <returns>Null where they are not of an index of this library.</returns>
    public static IndexSettings? From(IDictionary<string, string> data)
    {
        if (!data.TryGetValue(FormatKey, out string? format) || format != Format || !data.TryGetValue(EnglishKey, out string? english))
        {
            return null;
        }

        if (!data.TryGetValue(EmbeddingsKey, out string? embeddings))
        {
            return new(english == "true", null, 0);
        }

        return data.TryGetValue(WidthKey, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && width is >= 1 and <= MostWidth
            ? new(english == "true", embeddings, width)
            : null;
    }
}
