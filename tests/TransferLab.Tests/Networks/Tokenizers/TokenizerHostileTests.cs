using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using TransferLab.Networks;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Networks.Tokenizers;

/// <summary>Files that would end the process, hang it or give wrong ids: each is refused in one line.</summary>
public class TokenizerHostileTests
{
    private const string Split = """{"type":"Split","pattern":{"Regex":"PATTERN"},"behavior":"Isolated","invert":false}""";

    [Theory]
    [InlineData("hello", "no JSON")]
    [InlineData("", "no JSON")]
    [InlineData("[]", "no 'model'")]
    [InlineData("""{"model":{"type":"BPE"}}""", "no 'vocab'")]
    [InlineData("""{"model":{"type":"Magic","vocab":{"a":0}}}""", "'Magic' is not read")]
    [InlineData("""{"model":{"type":"BPE","vocab":{},"merges":[]}}""", "vocabulary is empty")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":4294967295},"merges":[]}}""", "the id of 'a'")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":1000000000},"merges":[]}}""", "ids are from 0")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""", "ids are from 0")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[],"continuing_subword_prefix":"x"}}""", "continuing_subword_prefix")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[],"unk_token":"z"}}""", "unknown token 'z'")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":0},"unk_token":"[UNK]"}}""", "unknown token '[UNK]'")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a",0.0]]}}""", "unk_id")]
    [InlineData("""{"model":{"type":"Unigram","vocab":["a"],"unk_id":0}}""", "piece 0")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"added_tokens":[{"id":7,"content":"x"}]}""", "would give it 1")]
    [InlineData(
        """{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{}}}""", "'<s>'")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"post_processor":{"type":"BertProcessing","sep":["x",9],"cls":["y",0]}}""", "the id 9")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"decoder":{"type":"CTC"}}""", "decoder 'CTC'")]
    public void Is_refused_before_the_native_part_sees_it(string json, string said)
    {
        TokenizerException e = Assert.Throws<TokenizerException>(() => new TextTokenizer(Encoding.UTF8.GetBytes(json), "bad.json"));
        Assert.StartsWith("bad.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData(@"(?:a|aa)*b")]
    [InlineData(@"(a){2,}")]
    [InlineData(@"(a)\\1")]
    [InlineData("(?#[)(a|aa|a)+$")]
    [InlineData("(?ix) # [\\n (a|aa)+")]
    [InlineData("[a")]
    public void A_pattern_that_can_take_for_ever_is_refused(string pattern) =>
        Assert.Contains("for ever", Refused("pre_tokenizer", Split.Replace("PATTERN", pattern, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+")]
    [InlineData(" ?[^(\\s|[.,!?…。，、।۔،])]+")]
    [InlineData("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")]
    public void The_patterns_of_known_families_are_taken(string pattern) => Assert.True(TokenizerJsonChecks.IsTame(pattern));

    [Theory]
    [InlineData("Replace", 4)]
    [InlineData("Prepend", 200)]
    public void A_normalizer_that_makes_texts_longer_without_measure_is_refused(string kind, int times)
    {
        string part = kind == "Replace"
            ? $$"""{"type":"Replace","pattern":{"String":"a"},"content":"{{new string('a', 100)}}"}"""
            : $$"""{"type":"Prepend","prepend":"{{new string('a', 100)}}"}""";
        string all = string.Join(',', Enumerable.Repeat(part, times));
        Assert.Contains("longer without measure", Refused("normalizer", $$"""{"type":"Sequence","normalizers":[{{all}}]}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)] // Nothing.
    [InlineData(8, 0)] // A trie longer than the table.
    [InlineData(4, 0x7FFF_FC00)] // A unit that leads outside.
    [InlineData(4, unchecked((int)0x8000_0009))] // A string that is not there.
    public void A_table_of_characters_that_leads_outside_is_refused(int trie, int unit)
    {
        byte[] map = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(map, trie);
        BinaryPrimitives.WriteInt32LittleEndian(map.AsSpan(4), unit);
        Assert.Contains("damaged", Refused("normalizer", $$"""{"type":"Precompiled","precompiled_charsmap":"{{Convert.ToBase64String(map)}}"}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_table_of_characters_is_used()
    {
        // A trie of one way: 'A' (0x41) leads to the string "b" at 0.
        uint[] units = new uint[512];
        units[0] = 256u << 10; // The root's children begin at 256.
        units[256 ^ 0x41] = ((256u ^ 0x41u ^ 256u) << 10) | (1u << 8) | 0x41; // 'A': its children begin at 256, the first of which is a leaf.
        units[256] = 1u << 31;
        byte[] map = [.. BitConverter.GetBytes(units.Length * 4), .. units.SelectMany(BitConverter.GetBytes), (byte)'b', 0];
        Assert.True(CharacterMap.IsSound(map));
        byte[] model = SentencePieceFile.Write([("<unk>", 0, 2), ("▁", -2, 1), ("b", -1, 1)], bpe: false, "nmt_nfkc", map);
        using TemporaryFolder folder = new();
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), model);
        Assert.Equal([1, 2, 2, 2], TextTokenizer.FromFolder(folder.Path).Encode("AbA"));
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_of_a_SentencePiece_file_is_read_or_refused()
    {
        byte[] good = SentencePieceFile.Write([("<unk>", 0, 2), ("▁a", -1, 1), ("日", -2, 1)], bpe: true, "identity");
        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte[] bad in (byte[][])[good[..i], [.. good[..i], (byte)~good[i], .. good[(i + 1)..]],
                [.. good[..i], (byte)(good[i] ^ 0x80), .. good[(i + 1)..]]])
            {
                try
                {
                    Assert.InRange(SentencePieceModel.Read(bad, "x").Pieces.Count, 1, 4);
                }
                catch (TokenizerException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            }
        }
    }

    [Fact]
    public void A_folder_without_a_tokenizer_or_with_a_broken_one_is_named()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("holds no tokenizer", Fails(), StringComparison.Ordinal);
        Write("vocab.txt", "a\nb\n");
        Assert.Contains("[UNK]", Fails(), StringComparison.Ordinal);
        Write("vocab.json", "{\"a\":\"b\"}");
        Write("merges.txt", "#version\na b c\n");
        Assert.Contains("does not map", Fails(), StringComparison.Ordinal);
        Write("vocab.json", "{\"a\":0}");
        Assert.Contains("merge 2", Fails(), StringComparison.Ordinal);
        Write("tokenizer.json", "{");
        Assert.Contains("no JSON", Fails(), StringComparison.Ordinal);
        Write("tokenizer_config.json", "[1]");
        Assert.Contains("no JSON object", Fails(), StringComparison.Ordinal);

        void Write(string name, string content) => File.WriteAllText(Path.Combine(folder.Path, name), content);
        string Fails()
        {
            string message = Assert.Throws<TokenizerException>(() => TextTokenizer.FromFolder(folder.Path)).Message;
            Assert.StartsWith(folder.Path, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
            return message;
        }
    }

    private static string Refused(string part, string json)
    {
        JsonObject good = GoldenStrings.Parsed("bpe-smollm");
        good[part] = JsonNode.Parse(json);
        return Assert.Throws<TokenizerException>(() => new TextTokenizer(Encoding.UTF8.GetBytes(good.ToJsonString()), "bad.json")).Message;
    }
}
