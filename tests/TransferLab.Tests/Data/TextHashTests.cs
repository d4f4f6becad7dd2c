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
    [InlineData("Việt", "vie\u0302\u0323t")]
    [InlineData("ὈΔΟΣ", "ο\u0313δος")]
    [InlineData("\u212B", "å")]
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
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("É B"))).ToLowerInvariant(), TextHash.Of(" e\u0301  b"));

    // Rows of Unicode's NormalizationTest.txt: source and NFC.
    [Theory]
    [InlineData("1E0A", "1E0A")]
    [InlineData("1E0A 0323", "1E0C 0307")]
    [InlineData("0044 0307 0323", "1E0C 0307")]
    [InlineData("0340", "0300")]
    [InlineData("0344", "0308 0301")]
    [InlineData("0958", "0915 093C")]
    [InlineData("2ADC", "2ADD 0338")]
    [InlineData("1100 AC00 11A8", "1100 AC01")]
    [InlineData("AC00 11A7", "AC00 11A7")]
    [InlineData("0061 0315 0300 05AE 0300 0062", "00E0 05AE 0300 0315 0062")]
    [InlineData("0061 05B0 094D 3099 0062", "0061 3099 094D 05B0 0062")]
    [InlineData("09C7 0334 09BE", "09C7 0334 09BE")]
    [InlineData("1D15E", "1D157 1D165")]
    [InlineData("11131 11127", "1112E")]
    [InlineData("2F800", "4E3D")]
    public void Composition_is_that_of_unicode(string source, string expected) =>
        Assert.Equal(Points(expected), CanonicalText.Compose(Points(source)));

    [Fact]
    public void A_composed_text_is_handed_back()
    {
        string text = "déjà vu 한글 ひらがな が 😀";
        Assert.Same(text, CanonicalText.Compose(text));
    }

    private static string Points(string hex) => string.Concat(hex.Split(' ').Select(point => char.ConvertFromUtf32(Convert.ToInt32(point, 16))));
}
