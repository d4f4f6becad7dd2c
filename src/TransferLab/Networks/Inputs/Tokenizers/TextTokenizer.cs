using TransferLab.Runtime;

namespace TransferLab.Networks;

/// <summary>
/// Splits texts into the tokens of a pretrained model, exactly as Hugging Face's library does (it does the work), and joins them again.
/// Immutable, and safe to use from several threads.
/// </summary>
public sealed class TextTokenizer
{
    private readonly TokenizerJson _json;
    private readonly Lazy<NativeTokenizer> _marked, _plain, _continued;
    private readonly HashSet<long> _special;

    /// <summary>A tokenizer.</summary>
    /// <param name="json">The text of a <c>tokenizer.json</c>, UTF-8.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <param name="settings">Special tokens and the longest text; null reads them off the vocabulary.</param>
    /// <exception cref="TokenizerException">It is no such file, or asks for what is not read.</exception>
    /// <exception cref="PlatformNotSupportedException">The tokenizers' native part is not there; the message names the package that brings it.</exception>
    internal TextTokenizer(byte[] json, string origin, TokenizerSettings? settings = null)
    {
        TokenizerLibrary.Require();
        _json = TokenizerJson.Parse(json, origin);
        Json = json;
        Specials = (settings ?? TokenizerSettings.Guess(_json)).Ids(_json);
        MaxLength = settings?.MaxLength;
        _special = [.. _json.AddedTokens.Where(token => token.Special).Select(token => (long)token.Id)];
        _marked = Make(plain: false, continued: false);
        _plain = Make(plain: true, continued: false);
        _continued = _json.PrefixSpace == PrefixSpace.Never ? _plain : Make(plain: true, continued: true);
    }

    /// <summary>The special tokens' ids.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>Rows that an embedding of this vocabulary needs: the largest id, and one.</summary>
    public int VocabularySize => _json.VocabularySize;

    /// <summary>The longest text that the model was made for, tokens; null where its files do not say.</summary>
    public int? MaxLength { get; }

    /// <summary>Where it comes from: a file or a folder.</summary>
    public string Origin => _json.Origin;

    /// <summary>The text of its <c>tokenizer.json</c>, UTF-8.</summary>
    internal ReadOnlyMemory<byte> Json { get; }

    /// <summary>Special ids before a text.</summary>
    internal IReadOnlyList<long> Before => _json.Prefix;

    /// <summary>Special ids behind a text.</summary>
    internal IReadOnlyList<long> Suffix => _json.Suffix;

    /// <summary>What it is, in words: "word pieces", "byte-level BPE".</summary>
    internal string Kind => _json.Kind;

    internal PrefixSpace PrefixSpace => _json.PrefixSpace;

    /// <summary>
    /// The tokenizer of a model's folder: <c>tokenizer.json</c>, or else what it can be made from (<c>tokenizer.model</c>, <c>vocab.json</c> and
    /// <c>merges.txt</c>, <c>vocab.txt</c>), with <c>tokenizer_config.json</c>.
    /// </summary>
    /// <exception cref="TokenizerException">There is none, it is damaged, or of a kind that is not read.</exception>
    /// <exception cref="PlatformNotSupportedException">The tokenizers' native part is not there; the message names the package that brings it.</exception>
    public static TextTokenizer FromFolder(string folder) => TokenizerFiles.Read(folder);

    /// <summary>The tokenizer of a GGUF file.</summary>
    /// <param name="metadata">The file's metadata by key: numbers, texts, truth values, and lists of them.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <exception cref="TokenizerException">There is none, it is damaged, or of a kind that is not read.</exception>
    /// <exception cref="PlatformNotSupportedException">The tokenizers' native part is not there; the message names the package that brings it.</exception>
    public static TextTokenizer FromGguf(IReadOnlyDictionary<string, object> metadata, string origin)
    {
        GgufTokenizer gguf = new(metadata, origin);
        return new(gguf.ToJson(), origin, gguf.Settings);
    }

    /// <summary>The token ids of a text.</summary>
    /// <param name="text">Any text; half a surrogate pair counts as U+FFFD. At most 4,000,000 characters.</param>
    /// <param name="addSpecialTokens">Whether the model's own beginning and end are put around it.</param>
    /// <param name="parseSpecialTokens">Whether special tokens that are written in the text become their ids. By default they are plain text: what a user
    /// writes gives no orders.</param>
    public long[] Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = false)
    {
        long[] ids = (parseSpecialTokens ? _marked : _plain).Value.Encode(text);
        return addSpecialTokens ? [.. _json.Prefix, .. ids, .. _json.Suffix] : ids;
    }

    /// <summary>The ids of a part of a longer text, special tokens in it being plain text.</summary>
    /// <param name="text">The part.</param>
    /// <param name="follows">What it comes after.</param>
    internal long[] EncodePart(string text, Follows follows)
    {
        bool asFirst = follows == Follows.Nothing || (follows == Follows.SpecialToken && _json.PrefixSpace == PrefixSpace.Always);
        return text.Length == 0 ? [] : (asFirst ? _plain : _continued).Value.Encode(text);
    }

    /// <summary>The text of ids.</summary>
    /// <param name="ids">Ids of this vocabulary.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not of this vocabulary.</exception>
    public string Decode(IEnumerable<long> ids, bool skipSpecialTokens = true)
    {
        List<long> kept = [];
        foreach (long id in ids)
        {
            if (id < 0 || id >= VocabularySize)
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Ids of this vocabulary are from 0 to {VocabularySize - 1}.");
            }

            if (!skipSpecialTokens || !_special.Contains(id))
            {
                kept.Add(id);
            }
        }

        return _marked.Value.Decode(kept);
    }

    /// <summary>Whether an id is a special token's.</summary>
    public bool IsSpecial(long id) => _special.Contains(id);

    /// <summary>The id of a token as the vocabulary writes it (byte-level vocabularies write a space as "Ġ"); null where there is none.</summary>
    public long? IdOf(string token) => _json.IdOf(token);

    /// <summary>How the vocabulary writes an id; null where it has none.</summary>
    public string? TokenOf(long id) => _json.TokenOf(id);

    /// <summary>The text of its <c>tokenizer.json</c> without white space, and without what cuts and pads texts.</summary>
    internal byte[] Compact() => _json.Compact();

    /// <summary>The special tokens that a text holds, as text.</summary>
    internal IEnumerable<string> SpecialTokensIn(string text) =>
        _json.AddedTokens.Where(token => token.Special && token.Content.Length > 0 && text.Contains(token.Content, StringComparison.Ordinal))
            .Select(token => token.Content);

    private Lazy<NativeTokenizer> Make(bool plain, bool continued) => new(() => new(new TokenizerVariant(plain, continued).Write(_json), _json.Origin));
}
