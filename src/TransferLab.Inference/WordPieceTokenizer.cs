using System.Security.Cryptography;
using System.Text;
using FastBertTokenizer;

namespace TransferLab.Inference;

/// <summary>
/// Splits texts into word pieces of a BERT vocabulary, in lower case, between [CLS] and [SEP]; what is longer than the limit is cut at its end.
/// Immutable, and safe to use from several threads.
/// </summary>
public sealed class WordPieceTokenizer
{
    /// <summary>The fewest tokens that hold a text: [CLS], one piece, [SEP].</summary>
    public const int FewestTokens = 3;

    private const int OnStack = 1024;
    private readonly BertTokenizer _tokenizer = new();

    /// <summary>A tokenizer.</summary>
    /// <param name="vocabulary">The vocabulary, one piece a line: BERT's <c>vocab.txt</c>.</param>
    /// <param name="maxTokens">Longest result, [CLS] and [SEP] included.</param>
    /// <exception cref="PlatformNotSupportedException">The process runs in globalization-invariant mode, in which accents are not split off.</exception>
    /// <exception cref="ArgumentException">The vocabulary lacks BERT's special tokens.</exception>
    public WordPieceTokenizer(string vocabulary, int maxTokens = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, FewestTokens);
        if ("\u00E9".Normalize(NormalizationForm.FormD).Length != 2)
        {
            throw new PlatformNotSupportedException(
                "Texts need Unicode normalisation to be split as in pretraining, and this process runs without it: set InvariantGlobalization to false in the "
                    + "program's project, and install ICU (libicu).");
        }

        string[] pieces = vocabulary.Split('\n', StringSplitOptions.TrimEntries);
        (Padding, Unknown) = (Array.IndexOf(pieces, "[PAD]"), Array.IndexOf(pieces, "[UNK]"));
        if (Padding < 0 || new[] { "[CLS]", "[SEP]", "[UNK]" }.Any(special => !pieces.Contains(special)))
        {
            throw new ArgumentException("A BERT vocabulary holds [PAD], [CLS], [SEP] and [UNK], each on a line of its own.", nameof(vocabulary));
        }

        _tokenizer.LoadVocabulary(new StringReader(vocabulary), convertInputToLowercase: true);
        Vocabulary = vocabulary;
        MaxTokens = maxTokens;
        VocabularyHash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(vocabulary))).ToLowerInvariant();
    }

    /// <summary>The vocabulary, one piece a line.</summary>
    public string Vocabulary { get; }

    /// <summary>SHA-256 (lower-case hex) of the vocabulary in UTF-8.</summary>
    public string VocabularyHash { get; }

    /// <summary>Longest result, tokens.</summary>
    public int MaxTokens { get; }

    /// <summary>The id of [PAD].</summary>
    public long Padding { get; }

    /// <summary>The id of [UNK].</summary>
    public long Unknown { get; }

    /// <summary>The token ids of a text, [CLS] and [SEP] included, at most <see cref="MaxTokens"/>.</summary>
    public long[] Encode(string text) => Encode(text, MaxTokens);

    /// <summary>The token ids of a text, [CLS] and [SEP] included, cut to <paramref name="most"/>.</summary>
    public long[] Encode(string text, int most)
    {
        // The overload that returns memory reuses one buffer for all callers, whatever their thread.
        Span<long> ids = most <= OnStack ? stackalloc long[most] : new long[most], mask = most <= OnStack ? stackalloc long[most] : new long[most];
        int count = _tokenizer.Encode(text, ids, mask);
        return ids[..count].ToArray();
    }
}
