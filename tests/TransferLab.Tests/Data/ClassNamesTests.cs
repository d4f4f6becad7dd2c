using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class ClassNamesTests : IDisposable
{
    private readonly TestTexts _texts = new();
    private readonly TestImages _images = new();

    public void Dispose()
    {
        _texts.Dispose();
        _images.Dispose();
    }

    [Theory]
    [InlineData("Spam", "spam")]
    [InlineData("new york", "new  york")]
    [InlineData("new york", "new\u00a0york")]
    [InlineData("spam", "spam\u200b")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\uff11", "1")]
    [InlineData("1", "1.0")]
    [InlineData("10", "1e1")]
    [InlineData("-0", "0")]
    [InlineData("NaN", "nan")]
    public void Labels_that_are_one_to_a_reader_are_warned_of(string one, string other)
    {
        string rows = string.Concat(Enumerable.Range(0, 4).Select(i => $"text {i},{(i % 2 == 0 ? one : other)}\n"));
        Assert.Contains(TextData.Read(_texts.Save("x.csv", "text,label\n" + rows)).Warnings, warning =>
            warning.StartsWith("1 class is written in more than one way, and each way counts as a class: '", StringComparison.Ordinal));
        string message = TestTexts.Refusal(_texts.Save("train.csv", $"text,label\na,{one}\nb,x\n"),
            new() { TestPath = _texts.Save("test.csv", $"text,label\na,{other}\nb,x\n") });
        Assert.Contains("(written '", message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("1", "10")]
    [InlineData("c", "c++")]
    [InlineData("résumé", "resume")]
    [InlineData("1", "true")]
    public void Labels_that_differ_are_let_be(string one, string other) => Assert.NotEqual(ClassNames.Key(one), ClassNames.Key(other));

    [Fact]
    public void What_cannot_be_seen_is_written_out()
    {
        string rows = "a,spam\nb,spam\u200b\nc,spam\nd,spam\u200b\n";
        Assert.Contains(TextData.Read(_texts.Save("x.csv", "text,label\n" + rows)).Warnings, warning => warning.Contains("'spam' (1) = 'spam\\u200B' (1)"));
    }

    [Fact]
    public void A_missing_value_of_programs_is_named()
    {
        string warning = Assert.Single(TextData.Read(_texts.Save("x.csv", "text,label\na,nan\nb,x\nc,nan\nd,x\n")).Warnings);
        Assert.StartsWith("'nan' (1) is how programs write a missing value", warning);
    }

    [SkippableFact]
    public void Class_folders_are_looked_at_too()
    {
        for (int i = 0; i < 4; i++)
        {
            _images.SaveNoise($"{(i % 2 == 0 ? "cat" : "Cat")}/{i}.png", 8, 8, i);
        }

        Skip.If(Directory.GetDirectories(_images.Folder).Length == 1, "the file system knows no capitals");
        Assert.Contains("'Cat' (1) = 'cat' (1)", Assert.Single(ImageFolder.Read(_images.Folder).Data.Warnings));
    }
}
