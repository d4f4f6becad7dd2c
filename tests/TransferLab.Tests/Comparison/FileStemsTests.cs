using TransferLab.Comparison;

namespace TransferLab.Tests.Comparison;

/// <summary>Names become file names that stay where they belong, and apart.</summary>
public sealed class FileStemsTests
{
    [Theory]
    [InlineData("full", "full")]
    [InlineData("lora+rag", "lora+rag")]
    [InlineData("hf:owner/name@main.full", "hf-owner-name-main.full")]
    [InlineData("맞춤 1.5", "맞춤 1.5")]
    public void A_name_alone_keeps_what_a_path_may_hold(string name, string expected) => Assert.Equal(expected, FileStems.Of([name])[name]);

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc/passwd")]
    [InlineData("a...b")]
    [InlineData(".hidden")]
    [InlineData("ends.")]
    [InlineData("nul")]
    [InlineData("COM1.full")]
    [InlineData("\ud800")]
    public void A_name_that_could_lead_elsewhere_ends_with_its_hash_and_is_one_plain_part(string name)
    {
        string stem = FileStems.Of([name])[name];

        Assert.Matches("-[0-9a-f]{8}$", stem);
        Assert.DoesNotContain("..", stem, StringComparison.Ordinal);
        Assert.Equal(stem, Path.GetFileName(stem));
        Assert.False(stem.StartsWith('.'));
    }

    [Fact]
    public void Long_names_are_cut()
    {
        string a = new('x', 300), b = a + "y";
        IReadOnlyDictionary<string, string> stems = FileStems.Of([a, b]);

        Assert.All(stems.Values, stem => Assert.InRange(stem.Length, 1, 100));
        Assert.NotEqual(stems[a], stems[b]);
    }

    // Two that are one file where case does not count, two that replaced characters make one, two that differ by composition only.
    [Theory]
    [InlineData("full", "Full")]
    [InlineData("a/b", "a:b")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    public void Names_that_would_be_one_file_are_told_apart_whatever_their_order(string first, string second)
    {
        IReadOnlyDictionary<string, string> stems = FileStems.Of([first, second, "other"]), turned = FileStems.Of(["other", second, first]);

        Assert.All(new[] { first, second }, name => Assert.Matches("-[0-9a-f]{8}$", stems[name]));
        Assert.NotEqual(stems[first].ToUpperInvariant(), stems[second].ToUpperInvariant());
        Assert.Equal(stems[first], turned[first]);
        Assert.Equal("other", stems["other"]);
    }

    [Fact]
    public void A_name_that_is_another_s_hashed_one_is_told_apart_too()
    {
        string taken = FileStems.Of(["full", "Full"])["full"];
        string[] names = ["full", "Full", taken];

        Assert.Equal(3, FileStems.Of(names).Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }
}
