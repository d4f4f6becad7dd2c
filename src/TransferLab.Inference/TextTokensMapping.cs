using System.Globalization;
using Microsoft.ML.Transforms;

namespace TransferLab.Inference;

/// <summary>
/// The tokenizer as a step of a saved ML.NET model. ML.NET saves the name of such a step and of this assembly, and finds both when the model is
/// loaded: an application references the package TransferLab.Inference and registers nothing. The vocabulary comes in a column, which the
/// model's other steps fill, so that it lies in the model's file.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class TextTokensMapping : CustomMappingFactory<TextWithVocabulary, TextTokens>
{
    /// <summary>The name under which saved models know this step; another format gets another number.</summary>
    public const string Contract = "TransferLab.TextTokens/1";

    /// <summary>What <see cref="TextWithVocabulary.Vocabulary"/> holds for a tokenizer.</summary>
    public static string Describe(WordPieceTokenizer tokenizer) =>
        string.Create(CultureInfo.InvariantCulture, $"{tokenizer.MaxTokens}\n{tokenizer.Vocabulary}");

    /// <inheritdoc/>
    public override Action<TextWithVocabulary, TextTokens> GetMapping() => Of(description => Parse(description).Encode);

    /// <summary>The step for a tokenizer that its description makes.</summary>
    /// <param name="open">From the description in <see cref="TextWithVocabulary.Vocabulary"/> to what splits a text into at most
    /// <see cref="TextTokens.Width"/> ids.</param>
    internal static Action<TextWithVocabulary, TextTokens> Of(Func<string, Func<string, long[]>> open)
    {
        Known? known = null;
        return (row, tokens) =>
        {
            // Every row of one model brings the same string; several threads may make its tokenizer once each, and either will do.
            Known now = known is { } last && last.IsOf(row.Vocabulary) ? last : known = new(row.Vocabulary, open(row.Vocabulary.ToString()));
            long[] ids = now.Encode(row.Text.ToString());
            tokens.Ids = new long[TextTokens.Width];
            ids.CopyTo(tokens.Ids, 0);
            tokens.Ids.AsSpan(ids.Length).Fill(TextTokens.End);
        };
    }

    private static WordPieceTokenizer Parse(string description)
    {
        int line = description.IndexOf('\n', StringComparison.Ordinal);
        return line > 0 && int.TryParse(description.AsSpan(0, line), CultureInfo.InvariantCulture, out int tokens) && tokens <= TextTokens.Width
            ? new(description[(line + 1)..], tokens)
            : throw new FormatException("The vocabulary of this model is damaged: its first line is not a number of tokens.");
    }

    private sealed class Known(ReadOnlyMemory<char> description, Func<string, long[]> encode)
    {
        public Func<string, long[]> Encode { get; } = encode;

        /// <summary>Whether it is the same string, without reading its 200,000 characters for every row.</summary>
        public bool IsOf(ReadOnlyMemory<char> other) => description.Equals(other) || description.Span.SequenceEqual(other.Span);
    }
}
