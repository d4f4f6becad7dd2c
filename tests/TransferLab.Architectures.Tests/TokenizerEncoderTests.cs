using System.Text.Json;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Texts of any tokenizer as batches: ids, mask, cut, prefix, and the same again out of a model's metadata.</summary>
public sealed class TokenizerEncoderTests
{
    public static TheoryData<string> Families { get; } =
        ["bpe-llama2", "bpe-llama3", "bpe-qwen2", "bpe-roberta", "bpe-smollm", "unigram-xlm-roberta", "wordpiece-cased-korean", "wordpiece-uncased"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Batches_hold_the_ids_of_the_tokenizer_padded_behind_a_mask_and_so_after_saving(string family)
    {
        Runtime.LibTorch.Load();
        TextTokenizer tokenizer = Tokenizer(family);
        TextEncoder encoder = new(tokenizer, maxTokens: 32);
        Dictionary<string, string> metadata = [];
        Assert.True(encoder.AddTo(metadata));
        TextEncoder again = TextEncoder.From(metadata, "a file");
        Assert.Equal(encoder.Key, again.Key);
        string[] texts = [.. Texts(family)];
        foreach (TextEncoder one in new[] { encoder, again })
        {
            foreach (string[] pair in texts.Chunk(2))
            {
                using DisposeScope scope = NewDisposeScope();
                Batch batch = one.Normalize(one.Encode([.. pair.Select(text => new Example(text, text, 0))], views: null, default), CPU, ScalarType.Float32);
                for (int i = 0; i < pair.Length; i++)
                {
                    long[] expected = tokenizer.Encode(pair[i]), found = batch.Values[i].data<long>().ToArray();
                    int length = Math.Min(expected.Length, 32), after = tokenizer.Suffix.Count;
                    Assert.Equal(expected[..(length - after)], found[..(length - after)]);
                    Assert.Equal(expected[^after..], found[(length - after)..length]);
                    Assert.All(found[length..], id => Assert.Equal(one.Padding, id));
                    // A text without tokens is a padding token that counts: something must be pooled.
                    Assert.Equal(Enumerable.Range(0, found.Length).Select(at => at < Math.Max(1, length) ? 1f : 0f), batch.Mask![i].data<float>().ToArray());
                }
            }
        }
    }

    [Fact]
    public void A_prefix_is_read_before_every_text_and_belongs_to_the_key()
    {
        TextTokenizer tokenizer = Tokenizer("unigram-xlm-roberta");
        TextEncoder plain = new(tokenizer, 16), query = new(tokenizer, 16, "query: ");
        Assert.Equal(tokenizer.Encode("query: a parcel"), query.Tokens("a parcel", 16));
        Assert.NotEqual(plain.Key, query.Key);
        Dictionary<string, string> metadata = [];
        query.AddTo(metadata);
        Assert.Equal(query.Tokens("a parcel", 16), TextEncoder.From(metadata, "a file").Tokens("a parcel", 16));
        Assert.Equal(query.Tokens("a parcel", 4), query.WithMaxTokens(4).Tokens("a parcel", 4));
        Assert.Contains("'query: '", query.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_that_is_the_end_of_a_text_too_is_told_by_length()
    {
        Runtime.LibTorch.Load();
        TextEncoder encoder = new(Tokenizer("bpe-smollm"), 16);
        using Tensor raw = tensor(new[] { 5L, encoder.Padding, 7L, -1L }, [1, 4]);
        using Batch batch = encoder.Normalize(raw, CPU, ScalarType.Float32);
        Assert.Equal([1f, 1f, 1f, 0f], batch.Mask!.data<float>().ToArray());
        Assert.Equal([5L, encoder.Padding, 7L, encoder.Padding], batch.Values.data<long>().ToArray());
    }

    [Theory]
    [InlineData("wordpiece-cased-korean", false)]
    [InlineData("bpe-roberta", true)]
    public void A_language_that_falls_to_pieces_is_said(string family, bool isForeign)
    {
        Example[] korean = [.. new[] { "이 영화는 정말 재미있었어요", "배우들의 연기가 별로였습니다", "다시는 보고 싶지 않아요" }.Select((text, i) => new Example($"{i}", text, 0))];
        LabeledData data = new() { Name = "t", Classes = ["a", "b"], Train = korean, Test = korean };
        IReadOnlyList<string> warnings = new TextEncoder(Tokenizer(family), 128).Warnings(data);
        Assert.Equal(isForeign, warnings.Any(warning => warning.Contains("does not know this language", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("text.tokenizer", "{", "no JSON")]
    [InlineData("text.tokenizer", "{\"model\":{\"type\":\"Other\",\"vocab\":{}}}", "a file")]
    [InlineData("text.padding", "100000000", "text.padding")]
    [InlineData("text.padding", "-5", "text.padding")]
    [InlineData("text.tokens", "2", "text.tokens")]
    public void Damaged_metadata_are_refused_in_one_line(string key, string value, string named)
    {
        Dictionary<string, string> metadata = [];
        new TextEncoder(Tokenizer("bpe-roberta"), 16).AddTo(metadata);
        metadata[key] = value;
        string message = Assert.Throws<Networks.Weights.WeightsException>(() => TextEncoder.From(metadata, "a file")).Message;
        Assert.Contains(key == "text.padding" && value == "-5" ? "out of range" : named, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    internal static byte[] Json(string family) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", $"{family}.tokenizer.json"));

    private static TextTokenizer Tokenizer(string family) => new(Json(family), family);

    private static IEnumerable<string> Texts(string family)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers", $"{family}.golden.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("text").GetString()!)];
    }
}
