using System.Text;
using TransferLab.Networks;

namespace TransferLab.Tests.Networks.Tokenizers;

public class TokenStreamTests
{
    [Theory]
    [InlineData("bpe-smollm")]
    [InlineData("bpe-llama2")]
    [InlineData("bpe-llama3")]
    public void The_parts_make_the_whole_and_none_is_half_a_character(string family)
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json(family), family);
        foreach (string text in GoldenStrings.Cases(family).Select(one => one.Text))
        {
            TokenStream stream = new(tokenizer, skipSpecialTokens: false);
            string[] parts = [.. tokenizer.Encode(text, addSpecialTokens: false).Select(stream.Add)];
            Assert.Equal(text, string.Concat(parts) + stream.End());
            Assert.DoesNotContain(parts, part => part.Contains('\ufffd'));
        }
    }

    [Fact]
    public void Special_tokens_are_left_out_and_broken_bytes_come_at_the_end()
    {
        TextTokenizer tokenizer = new(GoldenStrings.Json("bpe-smollm"), "smollm");
        TokenStream stream = new(tokenizer);
        long[] face = tokenizer.Encode("😀", addSpecialTokens: false);
        Assert.Equal("", stream.Add(tokenizer.IdOf("<|im_end|>")!.Value));
        Assert.All(face[..^1], id => Assert.Equal("", stream.Add(id)));
        Assert.Matches("^\ufffd+$", stream.End());
        Assert.Equal("", stream.End());

        StringBuilder later = new();
        foreach (long id in tokenizer.Encode("Hello", addSpecialTokens: false))
        {
            later.Append(stream.Add(id));
        }

        Assert.Equal("Hello", later.ToString());
    }
}
