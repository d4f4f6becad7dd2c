using System.Text;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

/// <summary>Separators, quotes, and what a missing one does.</summary>
public sealed class SeparatorTests : IDisposable
{
    private readonly TestTexts _texts = new();

    public void Dispose() => _texts.Dispose();

    [Theory]
    [InlineData("x.csv", ';', "semicolons")]
    [InlineData("x.csv", '\t', "tabs")]
    [InlineData("x.csv", '|', "'|'")]
    [InlineData("x.tsv", ',', "commas")]
    public void Another_separator_is_found_by_the_header_and_said(string name, char separator, string words)
    {
        string path = _texts.Save(name, "id,text,label\n1,one; two,a\n2,b,b\n3,\"c\",a\n4,d,b\n".Replace(',', separator).Replace("; ", ": "));
        LabeledData data = TextData.Read(path);
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Contains($"is read as separated by {words}", Assert.Single(data.Warnings));
        Assert.Empty(TextData.Read(path, new() { Separator = separator }).Warnings);
    }

    [Fact]
    public void A_given_separator_is_taken_whatever_the_header_looks_like() =>
        Assert.Contains("has no column 'text'", _texts.Refusal("x.csv", TestTexts.Small, new() { Separator = ';' }));

    [Fact]
    public void Without_quotes_they_are_text()
    {
        Example[] all = _texts.All("x.tsv", "text\tlabel\n\"one\ta\ntwo \"2\"\tb\n\"three\"\ta\nfour\tb\n", new() { Quote = null });
        Assert.Equal(["\"one", "two \"2\"", "\"three\"", "four"], all.Select(example => example.Source));
        Assert.Contains("or say that fields have no quotes (option Quote)", _texts.Refusal("x.tsv", "text\tlabel\n\"one\ta\ntwo \"2\"\tb\n"));
    }

    [Fact]
    public void Options_are_validated_where_they_are_made()
    {
        foreach (char separator in "\n\r\"'aZ0é ")
        {
            Assert.Throws<ArgumentException>(() => new TextDataOptions { Separator = separator });
        }

        Assert.Throws<ArgumentException>(() => new TextDataOptions { Quote = '`' });
    }

    [Fact]
    public void A_quote_that_swallows_rows_is_warned_of()
    {
        string rows =
            string.Concat(Enumerable.Range(1, 26).Select(i => (i == 5 ? "\"" : "") + $"text {i}" + (i == 20 ? "\"" : "") + $",{(i % 2 == 0 ? "a" : "b")}\n"));
        string warning = Assert.Single(TextData.Read(_texts.Save("x.csv", "text,label\n" + rows)).Warnings, warning => warning.Contains("many lines"));
        Assert.StartsWith("1 row has a field of many lines: x.csv:05 (16 lines); if a quote opens there", warning);
        rows = string.Concat(Enumerable.Range(1, 12).Select(i => (i == 5 ? "\"" : "") + $"text {i}" + (i == 9 ? "\"" : "") + $",{(i % 2 == 0 ? "a" : "b")}\n"));
        Assert.Contains(TextData.Read(_texts.Save("x.csv", "text,label\n" + rows)).Warnings, warning => warning.Contains("(5 lines)"));
    }

    [Fact]
    public void A_poem_is_no_warning() =>
        Assert.DoesNotContain(
            TextData.Read(_texts.Save("x.csv", TestTexts.Small + "\"Roses are red,\nviolets are blue,\nsugar is sweet,\nand so, say, are you\",a\n")).Warnings,
            warning => warning.Contains("lines"));

    [Fact]
    public void A_row_that_equals_the_header_is_left_out_and_named()
    {
        LabeledData data = TextData.Read(_texts.Save("x.csv", TestTexts.Small + "text,label\nfive,a\n"));
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Contains("1 row equals the header and is left out: x.csv:5.", data.Warnings);
        Assert.Contains(data.Train.Concat(data.Test), example => example.Name == "x.csv:6");
    }

    [Fact]
    public void Nul_characters_do_not_make_utf8_another_encoding()
    {
        string rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"\0,{i % 2},\0,\0\ntext {i},{i % 2},\0,\0\n"));
        foreach (string header in new[] { "text,label,x,y\n", "text,label,xx,y\n" })
        {
            LabeledData data = TextData.Read(_texts.Save("x.csv", Encoding.UTF8.GetBytes(header + rows)));
            Assert.Equal(["0", "1"], data.Classes);
            Assert.Equal(40, data.Train.Count + data.Test.Count);
            Assert.All(data.Train, example => Assert.StartsWith("text ", example.Source));
            Assert.Contains(data.Warnings, warning => warning.StartsWith("40 rows have no text and are left out", StringComparison.Ordinal));
            Assert.Contains(data.Warnings, warning => warning.StartsWith("40 rows have NUL characters", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("PK\u0003\u0004\u0014\0", "is a ZIP archive, as Excel's .xlsx is; save a workbook as CSV UTF-8")]
    [InlineData("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "is a file of old Office, as Excel's .xls is; save it as CSV UTF-8")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "is a Git LFS pointer, the content is not here; run 'git lfs pull'")]
    [InlineData("\u001f\u008b\u0008\0", "is a gzip archive; unpack it")]
    [InlineData("<!DOCTYPE html><html>", "is a web page")]
    public void A_file_of_another_kind_is_called_by_its_name(string content, string expected) =>
        Assert.Contains($"x.csv: {expected}", TestTexts.Refusal(_texts.Save("x.csv", Encoding.Latin1.GetBytes(content))));
}
