using System.Security.Cryptography;
using System.Text;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

public class TextHashTests
{
    [Theory]
    [InlineData("hello world", "  Hello\t\r\n WORLD\u00A0")]
    [InlineData("é", "E\u0301")]
    [InlineData("한글", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [InlineData("ΟΔΟΣ", "οδος")]
    public void Form_case_and_white_space_make_no_difference(string one, string other) => Assert.Equal(TextHash.Of(one), TextHash.Of(other));

    [Theory]
    [InlineData("a b", "ab")]
    [InlineData("cafe", "café")]
    [InlineData("ﬁ", "fi")]
    [InlineData("good!", "good")]
    [InlineData("한", "하")]
    public void Anything_else_does(string one, string other) => Assert.NotEqual(TextHash.Of(one), TextHash.Of(other));

    [Fact]
    public void The_hash_is_of_the_capitals_in_utf8() =>
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("É B"))).ToLowerInvariant(), TextHash.Of(" é  b"));
}
