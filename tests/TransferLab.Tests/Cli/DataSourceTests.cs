using System.CommandLine;
using TransferLab.Cli;
using TransferLab.Data;

namespace TransferLab.Tests.Cli;

public sealed class DataSourceTests : IDisposable
{
    private readonly string _name = $"set-{Guid.NewGuid():N}"; // In the working folder, as a person would name it.

    public void Dispose() => Directory.Delete(_name, recursive: true);

    [Theory]
    [InlineData("text;label\n\"one;a\ntwo;b\nthree;a\nfour;b\n", "--separator", ";", "--quote", "none")]
    [InlineData("text\tlabel\none\ta\ntwo\tb\nthree\ta\nfour\tb\n", "--separator", "tab")]
    [InlineData("text,label\n'one, two',a\ntwo,b\nthree,a\nfour,b\n", "--quote", "'")]
    public void Separator_and_quote_are_options(string text, params string[] options)
    {
        Directory.CreateDirectory(_name);
        string file = Path.Combine(_name, "x.csv");
        File.WriteAllText(file, text);
        LabeledData data = Texts(["--text", file, .. options]);
        Assert.Equal(["a", "b"], data.Classes);
        Assert.DoesNotContain(data.Warnings, warning => warning.Contains("separated", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--separator", "ab", "--separator ab: give one character, or the word tab.")]
    [InlineData("--quote", "", "--quote : give one character, or the word none.")]
    [InlineData("--separator", "x", "A separator is a tab or a sign")]
    public void Another_separator_or_quote_is_refused(string option, string value, string expected)
    {
        Directory.CreateDirectory(_name);
        File.WriteAllText(Path.Combine(_name, "x.csv"), "text,label\none,a\n");
        Assert.StartsWith(expected, Assert.Throws<ArgumentException>(() => Texts(["--text", Path.Combine(_name, "x.csv"), option, value])).Message,
            StringComparison.Ordinal);
    }

    private static LabeledData Texts(string[] arguments)
    {
        DataSource source = new();
        Command command = new("read");
        command.With(source.All);
        return source.Texts(command.Parse(arguments), CancellationToken.None);
    }

    [Fact]
    public void A_folder_of_results_does_not_hide_the_set_of_its_name()
    {
        Directory.CreateDirectory(_name);
        Assert.Equal(_name, DataSource.Find(_name, "--text", root: null, Directory.Exists));

        foreach (string part in (string[])["runs", "predictions", "models"])
        {
            Directory.CreateDirectory(Path.Combine(_name, part));
        }

        Assert.Contains("banking77, sst2", Assert.Throws<DataException>(() => DataSource.Find(_name, "--text", root: null, Directory.Exists)).Message,
            StringComparison.Ordinal);
    }
}
