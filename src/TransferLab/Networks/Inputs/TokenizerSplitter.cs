using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Networks;

/// <summary>The tokens of any <see cref="TextTokenizer"/>, with the model's own special tokens around a text; what is too long is cut at the text's
/// end.</summary>
internal sealed class TokenizerSplitter : TextSplitter
{
    /// <summary>The tokenizer, what fills up a batch, and what is put before every text, in a model file.</summary>
    public const string TokenizerKey = "text.tokenizer", PaddingKey = "text.padding", PrefixKey = "text.prefix";

    private const double ForeignPieces = 1.1, ForeignUnknown = 0.05;
    private const int ShownPrefix = 40;
    private readonly byte[] _json;

    /// <summary>A splitter.</summary>
    /// <param name="tokenizer">How texts are split.</param>
    /// <param name="maxTokens">Longest result, special tokens included.</param>
    /// <param name="prefix">Put before every text.</param>
    /// <param name="padding">What fills up a batch; null for the tokenizer's own.</param>
    public TokenizerSplitter(TextTokenizer tokenizer, int maxTokens, string prefix, long? padding = null)
        : this(tokenizer, maxTokens, prefix, padding ?? tokenizer.Specials.Pad ?? tokenizer.Specials.Eos ?? 0, tokenizer.Compact())
    {
    }

    private TokenizerSplitter(TextTokenizer tokenizer, int maxTokens, string prefix, long padding, byte[] json)
    {
        (Tokenizer, MaxTokens, Prefix, Padding, _json) = (tokenizer, maxTokens, prefix, padding, json);
        string hash = Convert.ToHexString(SHA256.HashData(json)).ToLowerInvariant();
        Key = string.Create(CultureInfo.InvariantCulture,
            $"{hash}/{padding}{(prefix.Length == 0 ? "" : "/" + Convert.ToHexString(Encoding.UTF8.GetBytes(prefix)))}");
    }

    public TextTokenizer Tokenizer { get; }

    public string Prefix { get; }

    public override string Description => Prefix.Length == 0 ? Tokenizer.Kind
        : $"{Tokenizer.Kind} after '{(Prefix.Length <= ShownPrefix ? Prefix : Prefix[..ShownPrefix] + "...").ReplaceLineEndings(" ")}'";

    public override string Key { get; }

    public override int MaxTokens { get; }

    public override long Padding { get; }

    public override long Filler => -1; // Many models pad with a token that texts hold too.

    public override int Pieces => Tokenizer.VocabularySize;

    public override (int Before, int After) Around => (Tokenizer.Encode(Prefix).Length - Tokenizer.Suffix.Count, Tokenizer.Suffix.Count);

    public override long[] Encode(string text, int most)
    {
        long[] ids = Tokenizer.Encode(Prefix + text);
        int after = Tokenizer.Suffix.Count;
        return ids.Length == 0 ? [Padding] // Tokenizers without special tokens leave nothing of an empty text, and a network needs a position to pool.
            : ids.Length <= most ? ids : [.. ids.AsSpan(0, most - after), .. ids.AsSpan(ids.Length - after)];
    }

    /// <summary>Characters fall to pieces, or are unknown: languages that write no spaces have no words to count.</summary>
    public override string? Foreign(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens)
    {
        long characters = texts.Sum(text => (long)(Prefix + text).EnumerateRunes().Count(rune => !Rune.IsWhiteSpace(rune)));
        long whole = texts.Zip(tokens).Sum(pair => pair.Second.Length < MaxTokens
            ? (long)pair.Second.Length - Tokenizer.Before.Count - Tokenizer.Suffix.Count
            : 0);
        long seen = texts.Zip(tokens).Sum(pair => pair.Second.Length < MaxTokens
            ? (long)(Prefix + pair.First).EnumerateRunes().Count(rune => !Rune.IsWhiteSpace(rune))
            : 0);
        long unknown = Tokenizer.Specials.Unk is { } unk ? tokens.Sum(ids => (long)ids.Count(id => id == unk)) : 0, all = tokens.Sum(ids => (long)ids.Length);
        double perCharacter = whole / (double)Math.Max(1, seen), share = unknown / (double)Math.Max(1, all);
        return characters == 0 || (perCharacter < ForeignPieces && share < ForeignUnknown) ? null : string.Create(CultureInfo.InvariantCulture,
            $"A character falls into {perCharacter:0.0} tokens on average, and {share:P0} of the tokens are unknown (languages that a vocabulary knows: below "
                + $"1, and none): the backbone's vocabulary does not know this language, so its features say little and n-grams of characters are likely to "
                + $"win.");
    }

    public override TextSplitter WithMaxTokens(int maxTokens) => new TokenizerSplitter(Tokenizer, maxTokens, Prefix, Padding, _json);

    public override void AddTo(IDictionary<string, string> metadata)
    {
        metadata[TokenizerKey] = Encoding.UTF8.GetString(_json);
        metadata[PaddingKey] = Padding.ToString(CultureInfo.InvariantCulture);
        if (Prefix.Length > 0)
        {
            metadata[PrefixKey] = Prefix;
        }
    }
}
