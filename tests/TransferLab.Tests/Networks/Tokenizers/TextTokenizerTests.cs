using System.Text;
using TransferLab.Networks;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Networks.Tokenizers;

public class TextTokenizerTests
{
    public static TheoryData<string> Families => [.. GoldenStrings.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void Gives_the_golden_ids_and_texts_of_every_family(string family)
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json(family), family);
        Assert.All(GoldenStrings.Cases(family), one =>
        {
            Assert.Equal(one.Ids, tokenizer.Encode(one.Text, addSpecialTokens: false, parseSpecialTokens: true));
            Assert.Equal(one.WithSpecial, tokenizer.Encode(one.Text, addSpecialTokens: true, parseSpecialTokens: true));
            Assert.Equal(one.Decoded, tokenizer.Decode(one.Ids, skipSpecialTokens: false));
        });
        Assert.Equal(GoldenStrings.Tokens(family).Length, tokenizer.VocabularySize);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Special_tokens_in_a_text_are_text_unless_asked_for(string family)
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json(family), family);
        string[] marks = [.. GoldenStrings.Tokens(family)
            .Where((_, id) =>
                tokenizer.IsSpecial(id) && tokenizer.TokenOf(id)!.Length > 3 && !tokenizer.TokenOf(id)!.StartsWith("<0x", StringComparison.Ordinal))];
        Assert.NotEmpty(marks);
        foreach (string mark in marks)
        {
            long id = tokenizer.IdOf(mark)!.Value;
            Assert.Contains(id, tokenizer.Encode($"a {mark} b", addSpecialTokens: false, parseSpecialTokens: true));
            long[] plain = tokenizer.Encode($"a {mark} b", addSpecialTokens: false);
            Assert.DoesNotContain(
                plain, other =>
                    tokenizer.IsSpecial(other) && other != tokenizer.Specials.Unk && !tokenizer.TokenOf(other)!.StartsWith("<0x", StringComparison.Ordinal));
            Assert.Equal(GoldenStrings.Cases(family)[0].Ids, tokenizer.Encode("Hello world", addSpecialTokens: false));
        }
    }

    [Theory]
    [InlineData("bpe-llama2")]
    [InlineData("bpe-llama3")]
    [InlineData("bpe-roberta")]
    [InlineData("bpe-smollm")]
    public void What_is_decoded_is_what_was_encoded_byte_for_byte(string family)
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json(family), family);
        foreach (string text in GoldenStrings.Cases(family).Select(one => one.Text).Append("\0\u0001\u007f\uffff \u200d\r\r\n\n\t\u00a0é\u0301 𝐀😀"))
        {
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false), skipSpecialTokens: false));
        }

        Assert.Equal("a\ufffdb", tokenizer.Decode(tokenizer.Encode("a\ud83db", addSpecialTokens: false), skipSpecialTokens: false)); // Half a surrogate pair.
    }

    [Fact]
    public void A_part_that_follows_text_gets_no_space_of_its_own()
    {
        TextTokenizer always = new(GoldenStrings.Json("bpe-llama2"), "llama2");
        Assert.Equal(PrefixSpace.Always, always.PrefixSpace);
        Assert.Equal(always.Encode("then", addSpecialTokens: false), always.EncodePart("then", Follows.SpecialToken));
        Assert.Equal(" 1then", always.Decode([.. always.Encode(" 1", addSpecialTokens: false), .. always.EncodePart("then", Follows.Text)]));

        string first = Encoding.UTF8.GetString(GoldenStrings.Json("unigram-xlm-roberta")).Replace(
            "\"prepend_scheme\":\"always\"", "\"prepend_scheme\":\"first\"", StringComparison.Ordinal);
        TextTokenizer once = new(Encoding.UTF8.GetBytes(first), "first");
        Assert.Equal(PrefixSpace.First, once.PrefixSpace);
        Assert.Equal(once.Encode("then", addSpecialTokens: false), once.EncodePart("then", Follows.Nothing));
        Assert.NotEqual(once.Encode("then", addSpecialTokens: false), once.EncodePart("then", Follows.SpecialToken));
    }

    [Fact]
    public void Knows_its_special_tokens_and_longest_text_from_the_files_beside_it()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.json"), GoldenStrings.Json("bpe-roberta"));
        Assert.Equal(new SpecialTokens { Bos = 0, Eos = 2, Pad = 1, Unk = 3, Mask = 4 }, TextTokenizer.FromFolder(folder.Path).Specials);

        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"),
            """{"bos_token":{"content":"<s>"},"cls_token":"<s>","sep_token":"</s>","eos_token":null,"model_max_length":512}""");
        TextTokenizer told = TextTokenizer.FromFolder(folder.Path);
        Assert.Equal(new SpecialTokens { Bos = 0, Cls = 0, Sep = 2 }, told.Specials);
        Assert.Equal(512, told.MaxLength);

        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"model_max_length":1000000000000000019884624838656}""");
        Assert.Null(TextTokenizer.FromFolder(folder.Path).MaxLength);
    }

    [Fact]
    public void Cutting_padding_and_chance_in_the_file_are_left_out()
    {
        var json = GoldenStrings.Parsed("bpe-smollm");
        json["truncation"] = System.Text.Json.Nodes.JsonNode.Parse("""{"direction":"Right","max_length":2,"strategy":"LongestFirst","stride":0}""");
        json["padding"] =
            System.Text.Json.Nodes.JsonNode.Parse(
                """{"strategy":{"Fixed":64},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"x"}""");
        json["model"]!["dropout"] = 0.9;
        TextTokenizer tokenizer = new(Encoding.UTF8.GetBytes(json.ToJsonString()), "cut");
        Assert.All(GoldenStrings.Cases("bpe-smollm"), one => Assert.Equal(one.WithSpecial, tokenizer.Encode(one.Text, parseSpecialTokens: true)));
    }

    [Fact]
    public void Many_threads_share_one()
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json("bpe-qwen2"), "qwen2");
        IReadOnlyList<GoldenString> cases = GoldenStrings.Cases("bpe-qwen2");
        Parallel.For(0, 2000, i => Assert.Equal(cases[i % cases.Count].Ids, tokenizer.Encode(cases[i % cases.Count].Text, parseSpecialTokens: true)));
    }

    [Fact]
    public void Refuses_ids_of_no_token_and_texts_without_end()
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json("bpe-qwen2"), "qwen2");
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([1200]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([-1]));
        Assert.Throws<ArgumentException>(() => tokenizer.Encode(new string(' ', 4_000_001)));
    }
}
