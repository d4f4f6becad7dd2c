using System.Text.Json;
using Microsoft.ML.Transforms;
using TransferLab.Data;
using TransferLab.Inference;
using TransferLab.Networks;
using TransferLab.Networks.Weights;

namespace TransferLab.Pipelines;

/// <summary>
/// Any tokenizer as a step of a saved ML.NET model: byte-level BPE, SentencePiece, word pieces that keep their case. An application references this package,
/// and that of the tokenizers' native part for its system, and registers nothing; libtorch is not loaded. Models whose texts are split into word pieces in
/// lower case have <see cref="TextTokensMapping"/> and need neither.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class TokenizedTextMapping : CustomMappingFactory<TextWithVocabulary, TextTokens>
{
    /// <summary>The name under which saved models know this step; another format gets another number.</summary>
    public const string Contract = "TransferLab.TokenizedText/1";

    /// <inheritdoc/>
    /// <remarks>The step throws <see cref="DataException"/> where the tokenizer in the model is damaged, or its native part is not there; the message names
    /// the package that brings it.</remarks>
    public override Action<TextWithVocabulary, TextTokens> GetMapping()
    {
        Action<TextWithVocabulary, TextTokens> mapping = TextTokensMapping.Of(Open);
        return (row, tokens) => mapping(row, tokens); // ML.NET looks for the step in the assembly that declares this very method.
    }

    /// <summary>What <see cref="TextWithVocabulary.Vocabulary"/> holds for an encoder: the metadata of its model files, as JSON.</summary>
    internal static string Describe(TextEncoder encoder)
    {
        Dictionary<string, string> metadata = [];
        encoder.AddTo(metadata);
        return JsonSerializer.Serialize(metadata);
    }

    private static Func<string, long[]> Open(string description)
    {
        try
        {
            Dictionary<string, string> metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(description) ?? [];
            TextEncoder encoder = TextEncoder.From(metadata, "the saved pipeline");
            return encoder.MaxTokens <= TextTokens.Width
                ? text => encoder.Tokens(text, encoder.MaxTokens)
                : throw new DataException($"The saved pipeline reads texts of {encoder.MaxTokens} tokens, and {TextTokens.Width} is the most; it is damaged.");
        }
        catch (Exception e) when (e is JsonException or WeightsException)
        {
            throw new DataException(e is JsonException ? "The tokenizer of the saved pipeline is damaged." : e.Message, e);
        }
    }
}
