using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Inference;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Texts: split into word pieces of a BERT vocabulary, in lower case, between [CLS] and [SEP]; what is longer than the limit is cut at its end.
/// </summary>
public sealed record TextEncoder : InputEncoder
{
    private const string TokensKey = "text.tokens", VocabularyKey = "text.vocabulary";
    private const int LanguageSample = 1000;
    private const double ForeignPieces = 2.5, ForeignUnknown = 0.05;
    private const int MostTokens = 1 << 16;
    private readonly ConditionalWeakTable<string, int[]> _kept = [];

    /// <summary>An encoder.</summary>
    /// <param name="vocabulary">The vocabulary, one piece a line: BERT's <c>vocab.txt</c>.</param>
    /// <param name="maxTokens">Longest input, [CLS] and [SEP] included.</param>
    /// <exception cref="PlatformNotSupportedException">The process runs in globalization-invariant mode, in which accents are not split off.</exception>
    /// <exception cref="ArgumentException">The vocabulary lacks BERT's special tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 3 tokens or more than 65,536.</exception>
    public TextEncoder(string vocabulary, int maxTokens = 128) => Tokenizer = new(vocabulary, maxTokens is >= WordPieceTokenizer.FewestTokens and <= MostTokens
        ? maxTokens
        : throw new ArgumentOutOfRangeException(nameof(maxTokens), $"The longest input is {WordPieceTokenizer.FewestTokens} to {MostTokens} tokens, not {maxTokens}."));

    /// <summary>How texts are split.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <summary>The vocabulary, one piece a line.</summary>
    public string Vocabulary => Tokenizer.Vocabulary;

    /// <summary>Longest input, tokens.</summary>
    public int MaxTokens => Tokenizer.MaxTokens;

    /// <summary>Rows that a table of the vocabulary needs: the lines of it, as the tokenizer reads them, up to the last piece.</summary>
    internal int Pieces
    {
        get
        {
            using StringReader reader = new(Vocabulary);
            int lines = 0, pieces = 0;
            while (reader.ReadLine() is { } line)
            {
                lines++;
                pieces = line.Length == 0 ? pieces : lines;
            }

            return pieces;
        }
    }

    /// <summary>How one is found in a model file.</summary>
    internal static EncoderFormat Format { get; } = new("texts", metadata => metadata.ContainsKey(TokensKey), From);

    /// <inheritdoc/>
    public override string Kind => "text";

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"word pieces in lower case, at most {MaxTokens} tokens");

    /// <inheritdoc/>
    public override string Key => string.Create(CultureInfo.InvariantCulture, $"text/{MaxTokens}/{Tokenizer.VocabularyHash}");

    /// <summary>The tokens of a text, which is split once however often they are asked for; they go with the text.</summary>
    private int[] Kept(string text) => _kept.GetValue(text, key => Array.ConvertAll(Tokens(key, MaxTokens), id => (int)id));

    /// <summary>The token ids of a text, [CLS] and [SEP] included, cut to <paramref name="most"/>.</summary>
    public long[] Tokens(string text, int most) => Tokenizer.Encode(text, most);

    /// <inheritdoc/>
    public override bool HasLengths => true;

    /// <inheritdoc/>
    public override int LengthOf(Example example) => Kept(example.Source).Length;

    /// <inheritdoc/>
    public override string KeyOf(Example example) => example.Source; // A text's hash overlooks what may matter here, such as case.

    /// <inheritdoc/>
    public override IReadOnlyList<long> SymbolsIn(IEnumerable<Example> examples) =>
        [.. examples.SelectMany(example => Kept(example.Source)).Append((int)Tokenizer.Padding).Distinct().Order().Select(id => (long)id)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings(LabeledData data)
    {
        string? Cut(IReadOnlyList<Example> examples, string part)
        {
            int count = examples.AsParallel().Count(example => Kept(example.Source).Length == MaxTokens && Tokens(example.Source, MaxTokens + 1).Length > MaxTokens);
            return count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
                $"{count:N0} of {examples.Count:N0} {part} texts are longer than {MaxTokens} tokens; the network sees their beginning alone.");
        }

        return [.. new[] { Cut(data.Train, "training"), Cut(data.Test, "test"), Foreign(data.Train) }.OfType<string>()];
    }

    /// <summary>Whether the texts are of a language that the vocabulary was not made for: words fall to pieces, or are unknown.</summary>
    private string? Foreign(IReadOnlyList<Example> train)
    {
        Example[] sample = [.. train.Where((_, i) => i % Math.Max(1, train.Count / LanguageSample) == 0)];
        long words = sample.Sum(example => (long)example.Source.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        int[] pieces = [.. sample.SelectMany(example => Kept(example.Source)[1..^1])];
        double perWord = pieces.Length / (double)Math.Max(1, words), unknown = pieces.Count(id => id == Tokenizer.Unknown) / (double)Math.Max(1, pieces.Length);
        return perWord < ForeignPieces && unknown < ForeignUnknown ? null : string.Create(CultureInfo.InvariantCulture,
            $"A word falls into {perWord:0.0} pieces on average, of which {unknown:P0} are unknown (English texts: about 1.3 and none): the backbone's vocabulary does not know this language, so its features say little and n-grams of characters are likely to win.");
    }

    /// <inheritdoc/>
    public override bool AddTo(IDictionary<string, string> metadata)
    {
        metadata[TokensKey] = MaxTokens.ToString(CultureInfo.InvariantCulture);
        metadata[VocabularyKey] = Vocabulary;
        return true;
    }

    /// <summary>The encoder of a model file.</summary>
    /// <exception cref="WeightsException">The metadata is missing or out of range.</exception>
    internal static TextEncoder From(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(VocabularyKey, out string? vocabulary)
            || !int.TryParse(file.Metadata[TokensKey], CultureInfo.InvariantCulture, out int tokens) || tokens is < 3 or > MostTokens)
        {
            throw new WeightsException($"{file.Path}: the preprocessing in the metadata ({TokensKey}, {VocabularyKey}) is missing or out of range.");
        }

        try
        {
            return new(vocabulary, tokens);
        }
        catch (ArgumentException e)
        {
            throw new WeightsException($"{file.Path}: the vocabulary is damaged ({e.Message}).", e);
        }
    }

    /// <inheritdoc/>
    /// <returns>[N, T] int64, T the longest text's tokens, shorter ones padded at their end.</returns>
    public override Tensor Encode(IReadOnlyList<Example> examples, AugmentedViews? views, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int[][] texts = [.. examples.Select(example => Kept(example.Source))];
        int longest = texts.Max(text => text.Length);
        long[] ids = new long[texts.Length * longest];
        Array.Fill(ids, Tokenizer.Padding);
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
        return new Batch(ids, ids.ne(tensor(Tokenizer.Padding, device: device)).to(type)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool Equals(TextEncoder? other) => other?.Key == Key;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);
}
