using System.Text;
using System.Text.Json.Nodes;
using TransferLab.Networks;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Networks.Tokenizers;

/// <summary>tokenizer.json made from the other forms: the ids stay the golden ones.</summary>
public class TokenizerFormsTests
{
    [Theory]
    [InlineData("wordpiece-uncased", "{}")]
    [InlineData("wordpiece-cased-korean", """{"do_lower_case":false,"strip_accents":false}""")]
    [InlineData("wordpiece-cased-korean", "{}")]
    public void Vocab_txt(string family, string config) =>
        Check(family, "vocab.txt", Encoding.UTF8.GetBytes(string.Join("\r\n", GoldenStrings.Tokens(family)) + "\r\n"), config);

    [Theory]
    [InlineData("bpe-roberta", """{"tokenizer_class":"RobertaTokenizer"}""")]
    [InlineData("bpe-roberta", "{}")]
    [InlineData("bpe-smollm", """{"tokenizer_class":"GPT2Tokenizer"}""")]
    [InlineData("bpe-qwen2", """{"tokenizer_class":"Qwen2Tokenizer"}""")]
    public void Vocab_json_and_merges_txt(string family, string config) => Check(family, "vocab.json", GoldenStrings.Vocabulary(family), config,
        ("merges.txt", Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Join('\n', GoldenStrings.Merges(family)) + "\n")));

    [Fact]
    public void Tokenizer_model_of_unigrams()
    {
        // Our file has no special tokens of XLM-R's: they are where that model wants them when the file is read.
        string[] tokens = GoldenStrings.Tokens("unigram-xlm-roberta");
        JsonArray scores = GoldenStrings.Parsed("unigram-xlm-roberta")["model"]!["vocab"]!.AsArray();
        List<(string, float, int)> pieces = [.. tokens.Select((token, id) => (token, (float)(double)scores[id]![1]!, id == 3 ? 2 : id < 5 ? 3 : 1))];
        byte[] model = SentencePieceFile.Write(pieces, bpe: false, normalization: "nfkc");
        // SentencePiece drops outer spaces.
        Check("unigram-xlm-roberta", "tokenizer.model", model, """{"cls_token":"<s>","sep_token":"</s>"}""", one => !one.Text.StartsWith(' ')
            && !one.Text.EndsWith(' '));
    }

    [Fact]
    public void Tokenizer_model_of_XLM_RoBERTa_counts_as_that_model_does()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "sentencepiece.bpe.model"),
            SentencePieceFile.Write([("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -3, 1), ("▁a", -1, 1)], bpe: false, "nmt_nfkc"));
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer_config.json"), """{"tokenizer_class":"XLMRobertaTokenizer"}""");
        TextTokenizer tokenizer = TextTokenizer.FromFolder(folder.Path);
        Assert.Equal([0, 5, 2], tokenizer.Encode("a"));
        Assert.Equal([0, 5, 4, 3, 2], tokenizer.Encode("a 日"));
        Assert.Equal(6, tokenizer.IdOf("<mask>"));
    }

    [Fact]
    public void Tokenizer_model_of_byte_pairs()
    {
        Check("bpe-llama2", "tokenizer.model", SentencePieceFile.Write(LlamaPieces(), bpe: true, "identity"), """{"add_bos_token":true,"bos_token":"<s>"}""");
    }

    [Theory]
    [InlineData("bpe-smollm", "smollm", false)]
    [InlineData("bpe-qwen2", "qwen2", false)]
    [InlineData("bpe-llama3", "llama-bpe", true)]
    public void Gguf_of_byte_level_pairs(string family, string pre, bool bos)
    {
        string[] tokens = GoldenStrings.Tokens(family);
        HashSet<int> special = [.. GoldenStrings.Parsed(family)["added_tokens"]!.AsArray().Select(token => (int)token!["id"]!)];
        TextTokenizer tokenizer = TextTokenizer.FromGguf(new Dictionary<string, object>
        {
            ["general.architecture"] = "llama",
            ["llama.context_length"] = 8192u,
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = pre,
            ["tokenizer.ggml.tokens"] = tokens,
            ["tokenizer.ggml.merges"] = GoldenStrings.Merges(family),
            ["tokenizer.ggml.token_type"] = tokens.Select((_, id) => special.Contains(id) ? 3 : 1).ToArray(),
            ["tokenizer.ggml.bos_token_id"] = 0u,
            ["tokenizer.ggml.eos_token_id"] = 2u,
        }, "x.gguf");
        Compare(family, tokenizer, _ => true);
        Assert.Equal(bos ? 1 : 0, tokenizer.Encode("").Length);
        Assert.Equal((0L, 2L, 8192), (tokenizer.Specials.Bos!.Value, tokenizer.Specials.Eos!.Value, tokenizer.MaxLength!.Value));
    }

    [Fact]
    public void Gguf_of_SentencePiece_pairs()
    {
        List<(string Text, float Score, int Kind)> pieces = LlamaPieces();
        TextTokenizer tokenizer = TextTokenizer.FromGguf(new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.pre"] = "default",
            ["tokenizer.ggml.tokens"] = pieces.Select(piece => (object)piece.Text).ToList(),
            ["tokenizer.ggml.scores"] = pieces.Select(piece => piece.Score).ToArray(),
            ["tokenizer.ggml.token_type"] = pieces.Select(piece => piece.Kind).ToArray(),
            ["tokenizer.ggml.bos_token_id"] = 1,
            ["tokenizer.ggml.eos_token_id"] = 2,
            ["tokenizer.ggml.unknown_token_id"] = 0,
        }, "x.gguf");
        Compare("bpe-llama2", tokenizer, _ => true);
        Assert.Equal(new SpecialTokens { Bos = 1, Eos = 2, Unk = 0 }, tokenizer.Specials);
    }

    [Fact]
    public void What_a_GGUF_file_lacks_or_contradicts_is_said_in_one_line()
    {
        Dictionary<string, object> good = new()
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = "smollm",
            ["tokenizer.ggml.tokens"] = new[] { "a", "b", "ab" },
            ["tokenizer.ggml.merges"] = new[] { "a b" },
        };
        Assert.Equal([2], TextTokenizer.FromGguf(good, "x.gguf").Encode("ab"));
        foreach ((string key, object? value, string said) in ((string, object?, string)[])
        [
            ("model", null, "no tokenizer"), ("model", "t5", "'t5' is not read"), ("model", 3, "no text"), ("pre", null, "nothing said"),
                ("pre", "martian", "'martian'"), ("tokens", null, "tokenizer.ggml.tokens"),
            ("tokens", "abc", "no list"), ("tokens", new object[] { "a", 1 }, "no text"), ("tokens", new[] { "a", "a", "ab" }, "comes twice"),
                ("tokens", Array.Empty<string>(), "empty"), ("merges", null, "merges"),
            ("merges", new[] { "ab" }, "merge 1"), ("merges", new[] { "x y" }, "cannot be built"), ("token_type", new[] { 1 }, "3 tokens have 1 kinds"),
                ("token_type", new[] { 1, 99, 1 }, "token 1"),
            ("scores", new[] { 0f, float.NaN, 0f }, "token 1"), ("bos_token_id", 3u, "there are 3 tokens"), ("eos_token_id", "a", "no number"),
                ("add_bos_token", "yes", "neither true nor false"),
        ])
        {
            Dictionary<string, object> bad = new(good) { ["tokenizer.ggml." + key] = value! };
            if (value is null)
            {
                bad.Remove("tokenizer.ggml." + key);
            }

            TokenizerException e = Assert.Throws<TokenizerException>(() => TextTokenizer.FromGguf(bad, "x.gguf").Encode("ab"));
            Assert.StartsWith("x.gguf: ", e.Message, StringComparison.Ordinal);
            Assert.Contains(said, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    /// <summary>The pieces of the Llama 2 vocabulary, a piece's score being the place of the merge that makes it.</summary>
    private static List<(string Text, float Score, int Kind)> LlamaPieces()
    {
        Dictionary<string, int> ranks = [];
        foreach ((string pair, int rank) in GoldenStrings.Merges("bpe-llama2").Select((pair, rank) => (pair.Replace(" ", "", StringComparison.Ordinal), rank)))
        {
            ranks.TryAdd(pair, rank);
        }

        return [.. GoldenStrings.Tokens("bpe-llama2").Select((token, id) => (token, ranks.TryGetValue(token, out int rank)
            ? -rank
            : -1e6f, id == 0
            ? 2
            : id < 3
            ? 3
            : id < 259
            ? 6
            : 1))];
    }

    private static void Check(string family, string file, byte[] content, string config, params (string Name, byte[] Content)[] more) =>
        Check(family, file, content, config, _ => true, more);

    private static void Check(string family, string file, byte[] content, string config, Func<GoldenString, bool> which,
        params (string Name, byte[] Content)[] more)
    {
        using TemporaryFolder folder = new();
        foreach ((string name, byte[] bytes) in more.Append((file, content)).Append(("tokenizer_config.json", Encoding.UTF8.GetBytes(config))))
        {
            File.WriteAllBytes(Path.Combine(folder.Path, name), bytes);
        }

        Compare(family, TextTokenizer.FromFolder(folder.Path), which);
    }

    private static void Compare(string family, TextTokenizer tokenizer, Func<GoldenString, bool> which)
    {
        GoldenString[] cases = [.. GoldenStrings.Cases(family).Where(which)];
        Assert.InRange(cases.Length, 30, 36);
        Assert.All(cases, one =>
        {
            Assert.Equal(one.WithSpecial, tokenizer.Encode(one.Text, parseSpecialTokens: true));
            Assert.Equal(one.Decoded, tokenizer.Decode(one.Ids, skipSpecialTokens: false));
        });
    }
}
