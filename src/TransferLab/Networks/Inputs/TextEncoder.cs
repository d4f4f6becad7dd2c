using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Inference;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Texts: split into tokens, the network's own special tokens around them; what is longer than the limit is cut at its end. Batches are padded at their end to
/// the longest text, with a mask.
/// </summary>
public sealed record TextEncoder : InputEncoder
{
    private const string TokensKey = "text.tokens";
    private const int LanguageSample = 1000;
    private const int MostTokens = 1 << 16;
    private const int LongestPrefix = 10_000;
    private readonly ConditionalWeakTable<string, int[]> _kept = [];
    private readonly TextSplitter _splitter;

    /// <summary>An encoder of word pieces in lower case, between [CLS] and [SEP], that needs no native part.</summary>
    /// <param name="vocabulary">The vocabulary, one piece a line: BERT's <c>vocab.txt</c>.</param>
    /// <param name="maxTokens">Longest input, [CLS] and [SEP] included.</param>
    /// <exception cref="PlatformNotSupportedException">The process runs in globalization-invariant mode, in which accents are not split off.</exception>
    /// <exception cref="ArgumentException">The vocabulary lacks BERT's special tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 3 tokens or more than 65,536.</exception>
    public TextEncoder(string vocabulary, int maxTokens = 128) : this(new WordPieceSplitter(new(vocabulary, Checked(maxTokens))))
    {
    }

    /// <summary>An encoder by any tokenizer: word pieces, byte-level BPE or SentencePiece.</summary>
    /// <param name="tokenizer">How texts are split, and which special tokens stand around them.</param>
    /// <param name="maxTokens">Longest input, special tokens included.</param>
    /// <param name="prefix">Put before every text, such as <c>query: </c> where a network was trained so.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 3 tokens or more than 65,536, or a prefix of more than 10,000 characters.</exception>
    public TextEncoder(TextTokenizer tokenizer, int maxTokens = 128, string prefix = "") : this(new TokenizerSplitter(tokenizer, Checked(maxTokens), prefix))
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix.Length, LongestPrefix, nameof(prefix));
    }

    private TextEncoder(TextSplitter splitter) => _splitter = splitter;

    /// <summary>The tokenizer of word pieces in lower case that also applications without libtorch have; null where texts are split by
    /// <see cref="Tokenizer"/>.</summary>
    public WordPieceTokenizer? WordPieces => (_splitter as WordPieceSplitter)?.Tokenizer;

    /// <summary>How texts are split; null where <see cref="WordPieces"/> does it.</summary>
    public TextTokenizer? Tokenizer => (_splitter as TokenizerSplitter)?.Tokenizer;

    /// <summary>What is put before every text.</summary>
    public string Prefix => (_splitter as TokenizerSplitter)?.Prefix ?? "";

    /// <summary>Longest input, tokens.</summary>
    public int MaxTokens => _splitter.MaxTokens;

    /// <summary>The id that fills up a batch.</summary>
    public long Padding => _splitter.Padding;

    /// <summary>What stands for padding in a raw batch.</summary>
    internal long Filler => _splitter.Filler;

    /// <summary>How many tokens stand before a text's own, and how many behind them.</summary>
    internal (int Before, int After) Around => _splitter.Around;

    /// <summary>Rows that a table of the vocabulary needs.</summary>
    internal int Pieces => _splitter.Pieces;

    /// <summary>How one is found in a model file.</summary>
    internal static EncoderFormat Format { get; } = new("texts", metadata => metadata.ContainsKey(TokensKey), file => From(file.Metadata, file.Path));

    /// <summary>The same for texts of another longest length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 3 tokens or more than 65,536.</exception>
    public TextEncoder WithMaxTokens(int maxTokens) => new(_splitter.WithMaxTokens(Checked(maxTokens)));

    /// <inheritdoc/>
    public override InputKind Kind => InputKind.Text;

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{_splitter.Description}, at most {MaxTokens} tokens");

    /// <inheritdoc/>
    public override string Key => string.Create(CultureInfo.InvariantCulture, $"text/{MaxTokens}/{_splitter.Key}");

    /// <summary>The tokens of a text, which is split once however often they are asked for; they go with the text.</summary>
    private int[] Kept(string text) => _kept.GetValue(text, key => Array.ConvertAll(Tokens(key, MaxTokens), id => (int)id));

    /// <summary>The token ids of a text, special ones included, cut to <paramref name="most"/>.</summary>
    public long[] Tokens(string text, int most) => _splitter.Encode(text, most);

    /// <inheritdoc/>
    public override bool HasLengths => true;

    /// <inheritdoc/>
    public override int LengthOf(Example example) => Kept(example.Source).Length;

    /// <inheritdoc/>
    public override string KeyOf(Example example) => example.Source; // A text's hash overlooks what may matter here, such as case.

    /// <inheritdoc/>
    public override IReadOnlyList<long> SymbolsIn(IEnumerable<Example> examples) =>
        [.. examples.SelectMany(example => Kept(example.Source)).Append((int)Padding).Distinct().Order().Select(id => (long)id)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings(LabeledData data)
    {
        string? Cut(IReadOnlyList<Example> examples, string part)
        {
            int count = examples.AsParallel().Count(example => Kept(example.Source).Length == MaxTokens
                && Tokens(example.Source, MaxTokens + 1).Length > MaxTokens);
            return count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
                $"{count:N0} of {examples.Count:N0} {part} texts are longer than {MaxTokens} tokens; the network sees their beginning alone.");
        }

        Example[] sample = [.. data.Train.Where((_, i) => i % Math.Max(1, data.Train.Count / LanguageSample) == 0)];
        string? foreign = _splitter.Foreign([.. sample.Select(example => example.Source)], [.. sample.Select(example => Kept(example.Source))]);
        return [.. new[] { Cut(data.Train, "training"), Cut(data.Test, "test"), foreign }.OfType<string>()];
    }

    /// <summary>Says that texts are of a language that the vocabulary was not made for; null where it knows them.</summary>
    internal string? Foreign(IReadOnlyList<string> texts) => _splitter.Foreign(texts, [.. texts.Select(Kept)]);

    /// <inheritdoc/>
    public override bool AddTo(IDictionary<string, string> metadata)
    {
        metadata[TokensKey] = MaxTokens.ToString(CultureInfo.InvariantCulture);
        _splitter.AddTo(metadata);
        return true;
    }

    /// <summary>The encoder of a model file's metadata.</summary>
    /// <exception cref="WeightsException">The metadata is missing or out of range, or the tokenizers' native part is not there.</exception>
    internal static TextEncoder From(IReadOnlyDictionary<string, string> metadata, string path)
    {
        bool whole = metadata.TryGetValue(WordPieceSplitter.VocabularyKey, out string? vocabulary),
            any = metadata.TryGetValue(TokenizerSplitter.TokenizerKey, out string? json);
        string prefix = metadata.GetValueOrDefault(TokenizerSplitter.PrefixKey, ""), padding = metadata.GetValueOrDefault(TokenizerSplitter.PaddingKey, "0");
        if (!(whole || any) || !int.TryParse(metadata.GetValueOrDefault(TokensKey), CultureInfo.InvariantCulture, out int tokens)
            || tokens is < 3 or > MostTokens
            || prefix.Length > LongestPrefix || !long.TryParse(padding, NumberStyles.None, CultureInfo.InvariantCulture, out long filled))
        {
            throw new WeightsException(
                $"{path}: the preprocessing in the metadata ({TokensKey}, {WordPieceSplitter.VocabularyKey} or {TokenizerSplitter.TokenizerKey}) is missing or "
                    + $"out of range.");
        }

        try
        {
            TextEncoder encoder = whole
                ? new(vocabulary!, tokens)
                : new(new TokenizerSplitter(new(Encoding.UTF8.GetBytes(json!), path), tokens, prefix, filled));
            return filled < encoder.Pieces
                ? encoder
                : throw new WeightsException(
                    $"{path}: {TokenizerSplitter.PaddingKey} is {filled}, and the vocabulary has {encoder.Pieces} tokens; the file is damaged.");
        }
        catch (Exception e) when (e is ArgumentException or TokenizerException or PlatformNotSupportedException)
        {
            throw new WeightsException(e is ArgumentException ? $"{path}: the vocabulary is damaged ({e.Message})." : $"{path}: {e.Message}", e);
        }
    }

    private static int Checked(int maxTokens) => maxTokens is >= WordPieceTokenizer.FewestTokens and <= MostTokens
        ? maxTokens
        : throw new ArgumentOutOfRangeException(nameof(maxTokens),
            $"The longest input is {WordPieceTokenizer.FewestTokens} to {MostTokens} tokens, not {maxTokens}.");

    /// <inheritdoc/>
    /// <returns>[N, T] int64, T the longest text's tokens, shorter ones filled up at their end.</returns>
    public override Tensor Encode(IReadOnlyList<Example> examples, AugmentedViews? views, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int[][] texts = [.. examples.Select(example => Kept(example.Source))];
        int longest = texts.Max(text => text.Length);
        long[] ids = new long[texts.Length * longest];
        Array.Fill(ids, Filler);
        for (int i = 0; i < texts.Length; i++)
        {
            for (int j = 0; j < texts[i].Length; j++)
            {
                ids[(i * longest) + j] = texts[i][j];
            }
        }

        return tensor(ids, [texts.Length, longest]);
    }

    /// <inheritdoc/>
    /// <returns>[N, T] int64 and its mask.</returns>
    public override Batch Normalize(Tensor raw, Device device, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = raw.to(device, copy: true);
        Tensor mask = ids.ne(tensor(Filler, device: device));
        ids = Filler == Padding ? ids : where(mask, ids, tensor(Padding, device: device));
        return new Batch(ids, mask.to(type)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool Equals(TextEncoder? other) => other?.Key == Key;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);
}
