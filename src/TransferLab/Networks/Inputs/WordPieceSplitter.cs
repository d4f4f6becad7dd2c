using System.Globalization;
using TransferLab.Inference;

namespace TransferLab.Networks;

/// <summary>Word pieces of a BERT vocabulary in lower case, by the tokenizer that also runs in applications without libtorch.</summary>
internal sealed class WordPieceSplitter(WordPieceTokenizer tokenizer) : TextSplitter
{
    /// <summary>The vocabulary in a model file.</summary>
    public const string VocabularyKey = "text.vocabulary";

    private const double ForeignPieces = 2.5, ForeignUnknown = 0.05;

    public WordPieceTokenizer Tokenizer => tokenizer;

    public override string Description => "word pieces in lower case";

    public override string Key => tokenizer.VocabularyHash;

    public override int MaxTokens => tokenizer.MaxTokens;

    public override long Padding => tokenizer.Padding;

    public override long Filler => tokenizer.Padding;

    /// <summary>The lines of the vocabulary, as the tokenizer reads them, up to the last piece.</summary>
    public override int Pieces
    {
        get
        {
            using StringReader reader = new(tokenizer.Vocabulary);
            int lines = 0, pieces = 0;
            while (reader.ReadLine() is { } line)
            {
                lines++;
                pieces = line.Length == 0 ? pieces : lines;
            }

            return pieces;
        }
    }

    public override (int Before, int After) Around => (1, 1); // [CLS] and [SEP].

    public override long[] Encode(string text, int most) => tokenizer.Encode(text, most);

    /// <summary>Words fall to pieces, or are unknown.</summary>
    public override string? Foreign(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens)
    {
        long words = texts.Sum(text => (long)text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        int[] pieces = [.. tokens.SelectMany(ids => ids[1..^1])];
        double perWord = pieces.Length / (double)Math.Max(1, words), unknown = pieces.Count(id => id == tokenizer.Unknown) / (double)Math.Max(1, pieces.Length);
        return perWord < ForeignPieces && unknown < ForeignUnknown ? null : string.Create(CultureInfo.InvariantCulture,
            $"A word falls into {perWord:0.0} pieces on average, of which {unknown:P0} are unknown (English texts: about 1.3 and none): the backbone's "
                + $"vocabulary does not know this language, so its features say little and n-grams of characters are likely to win.");
    }

    public override TextSplitter WithMaxTokens(int maxTokens) => new WordPieceSplitter(new(tokenizer.Vocabulary, maxTokens));

    public override void AddTo(IDictionary<string, string> metadata) => metadata[VocabularyKey] = tokenizer.Vocabulary;
}
