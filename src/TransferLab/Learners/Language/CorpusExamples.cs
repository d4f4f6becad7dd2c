using System.Text;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;

namespace TransferLab.Learners;

/// <summary>Plain texts as a language model reads on in them: blocks of tokens, every token to be predicted.</summary>
public sealed record CorpusExamples
{
    private const long MostBytes = 1L << 31;
    private static readonly string[] s_extensions = [".txt", ".md", ".text"];

    /// <summary>Blocks that train.</summary>
    public required IReadOnlyList<Example> Train { get; init; }

    /// <summary>Blocks that are held out: the end of every tenth text, or of the only one.</summary>
    public required IReadOnlyList<Example> HeldOut { get; init; }

    /// <summary>Bytes of the held-out texts, UTF-8: losses over them compare between tokenizers.</summary>
    public required long HeldOutBytes { get; init; }

    /// <summary>Tokens that train.</summary>
    public required long Tokens { get; init; }

    /// <summary>Files that were not read, with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Reads texts.</summary>
    /// <param name="path">A text file, or a folder of <c>.txt</c> and <c>.md</c> files, folders within included.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="blockTokens">Tokens of a block.</param>
    /// <param name="seed">Decides what is held out.</param>
    /// <exception cref="DataException">There is no text, or a file cannot be read.</exception>
    public static CorpusExamples Read(string path, TextTokenizer tokenizer, int blockTokens, int seed)
    {
        List<string> leftOut = [];
        List<string> texts = [.. Files(path, leftOut).Select(ReadText).Where(text => text.Trim().Length > 0)];
        if (texts.Count == 0)
        {
            throw new DataException($"{path}: holds no text; name a text file, or a folder of {string.Join(", ", s_extensions)} files.");
        }

        string[] pieces = [.. texts.SelectMany(Paragraphs)];
        Random random = new(Runtime.Seeds.Mix(seed, "corpus"));
        HashSet<int> held = [.. Enumerable.Range(0, pieces.Length).OrderBy(_ => random.Next()).Take(Math.Max(1, pieces.Length / 10))];
        Example[] heldOut = Blocks(pieces.Where((_, i) => held.Contains(i)), tokenizer, blockTokens);
        Example[] train = Blocks(pieces.Where((_, i) => !held.Contains(i)), tokenizer, blockTokens);
        return train.Length == 0
            ? throw new DataException($"{path}: holds too little text to hold any of it out.")
            : new()
            {
                Train = train,
                HeldOut = heldOut,
                HeldOutBytes = pieces.Where((_, i) => held.Contains(i)).Sum(piece => (long)Encoding.UTF8.GetByteCount(piece)),
                Tokens = train.Sum(block => (long)CompletionEncoder.Of(block).Ids.Count),
                LeftOut = leftOut,
            };
    }

    /// <summary>Runs of whole paragraphs of some thousand characters: what is held out is not the other half of a sentence that trains.</summary>
    private static IEnumerable<string> Paragraphs(string text)
    {
        const int enough = 2000;
        StringBuilder piece = new();
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            piece.Append(paragraph).Append("\n\n");
            if (piece.Length >= enough)
            {
                yield return piece.ToString();
                piece.Clear();
            }
        }

        if (piece.Length > 0)
        {
            yield return piece.ToString();
        }
    }

    /// <summary>Texts as blocks to read on in, nothing held out.</summary>
    internal static Example[] Blocks(IEnumerable<string> texts, TextTokenizer tokenizer, int blockTokens) => [.. Cut(texts, tokenizer, blockTokens)];

    private static IEnumerable<Example> Cut(IEnumerable<string> pieces, TextTokenizer tokenizer, int blockTokens)
    {
        int count = 0;
        foreach (string piece in pieces)
        {
            foreach (long[] ids in tokenizer.Encode(piece).Chunk(blockTokens).Where(ids => ids.Length > 1))
            {
                yield return new($"block {++count}", piece, new CompletionTarget(ids, [.. ids.Select((_, i) => i > 0)]));
            }
        }
    }

    private static IEnumerable<string> Files(string path, List<string> leftOut)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        ILookup<bool, string> files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .ToLookup(file => s_extensions.Contains(Path.GetExtension(file).ToLowerInvariant()));
        leftOut.AddRange(files[false].Select(file => $"{Path.GetRelativePath(path, file)}: not {string.Join(", ", s_extensions)}"));
        return files[true];
    }

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length > MostBytes
                ? throw new DataException($"{path}: more than {MostBytes >> 30} GB; split it.")
                : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{path}: is not UTF-8; save it so.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {ReadFault.Of(path, e)}.", e);
        }
    }
}
