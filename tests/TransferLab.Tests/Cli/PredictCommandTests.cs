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
        Assert.Contains("no such file", Assert.Throws<DataException>(() => PredictCommand.Texts(path, "text")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_no_text() =>
        Assert.Contains("is a folder", Assert.Throws<DataException>(() => PredictCommand.Texts(_texts.Folder, "text")).Message, StringComparison.Ordinal);

    [Fact]
    public void Words_are_a_text_and_a_file_holds_one_a_line()
    {
        Assert.Equal("Is it here and/or there?", Assert.Single(PredictCommand.Texts("Is it here and/or there?", "text")).Source);
        Assert.Equal(["one", "two"], PredictCommand.Texts(_texts.Save("two of them.txt", "one\ntwo\n"), "text").Select(example => example.Source));
    }
}
