using TransferLab.Cli.Commands;
using TransferLab.Data;
using TransferLab.Tests.Data;

namespace TransferLab.Tests.Cli;

public sealed class PredictCommandTests : IDisposable
{
    private readonly TestTexts _texts = new();

    public void Dispose() => _texts.Dispose();

    [Theory]
    [InlineData("absent.txt")]
    [InlineData("my texts.CSV")]
    [InlineData("some/where")]
    public void A_mistyped_path_is_no_text(string path) =>
        Assert.Contains("no such file", Assert.Throws<DataException>(() => PredictCommand.Texts(path, new())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_no_text() =>
        Assert.Contains("is a folder", Assert.Throws<DataException>(() => PredictCommand.Texts(_texts.Folder, new())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_picture_is_no_text() => Assert.Contains("is an image by its name",
        Assert.Throws<DataException>(() => PredictCommand.Texts(_texts.Save("bee.JPG", "x"), new())).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_and_lines_without_text_are_counted_and_named()
    {
        Assert.Equal(["a;b", "c"], PredictCommand.Texts(_texts.Save("semicolons.csv", "id;text\n1;'a;b'\n2;c\n"),
            new() { Separator = ';', Quote = '\'' }).Examples.Select(example => example.Source));
        Assert.Equal("2 rows have no text and no prediction: five.csv:2, five.csv:4.",
            Assert.Single(PredictCommand.Texts(_texts.Save("five.csv", "text\na\n\"\"\nb\n\"  \"\nc\n"), new()).Warnings));
        Assert.Equal("1 line has no text and no prediction: lines.txt:2.",
            Assert.Single(PredictCommand.Texts(_texts.Save("lines.txt", "one\n\ntwo\n"), new()).Warnings));
    }

    [Theory]
    [InlineData("plain label", "plain label")]
    [InlineData("tab\there", "tab\\there")]
    [InlineData("two\r\nlines", "two\\r\\nlines")]
    [InlineData("back\\slash", "back\\\\slash")]
    public void A_field_of_the_terminal_holds_neither_tabs_nor_newlines(string label, string printed) => Assert.Equal(printed, PredictCommand.Field(label));

    [Fact]
    public void Words_are_a_text_and_a_file_holds_one_a_line()
    {
        Assert.Equal("Is it here and/or there?", Assert.Single(PredictCommand.Texts("Is it here and/or there?", new()).Examples).Source);
        Assert.Equal(["one", "two"], PredictCommand.Texts(_texts.Save("two of them.txt", "one\ntwo\n"), new()).Examples.Select(example => example.Source));
    }
}
