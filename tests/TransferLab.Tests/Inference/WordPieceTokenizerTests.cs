using TransferLab.Inference;
using TransferLab.Networks;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Inference;

public sealed class WordPieceTokenizerTests
{
    private static readonly WordPieceTokenizer s_tokenizer = ((TextEncoder)SmallText.Create().Encoder).WordPieces!;

    [Fact]
    public void Texts_encoded_side_by_side_do_not_mix()
    {
        string[] texts =
            [.. Enumerable.Range(0, 2000).Select(i => i % 3 == 0 ? "where is my parcel" : string.Join(' ', Enumerable.Repeat("money back", 1 + (i % 6))))];
        long[][] alone = [.. texts.Select(text => s_tokenizer.Encode(text))];
        Assert.Equal(alone, texts.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(text => s_tokenizer.Encode(text)).ToArray());
    }

    [Fact]
    public void A_long_text_is_cut_and_still_ends_as_a_text_does()
    {
        long[] ids = s_tokenizer.Encode(string.Join(' ', Enumerable.Repeat("money", 5000)), 2000), small = s_tokenizer.Encode("my money back please", 4);
        Assert.Equal((2000, 4), (ids.Length, small.Length));
        Assert.Equal((2L, 3L), (ids[0], ids[^1]));
        Assert.Equal((2L, 3L), (small[0], small[^1]));
    }

    [Fact]
    public void A_vocabulary_without_special_tokens_is_refused()
    {
        Assert.Contains("[CLS]", Assert.Throws<ArgumentException>(() => new WordPieceTokenizer("[PAD]\n[UNK]\nword")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordPieceTokenizer(s_tokenizer.Vocabulary, maxTokens: 2));
    }
}
