using TransferLab.Cli;
using TransferLab.Cli.Commands;
using TransferLab.Networks;

namespace TransferLab.Tests.Cli;

public sealed class KindOptionsTests
{
    private static readonly string[] s_none = [];

    [Theory]
    [InlineData("image", "--max-tokens", "64")]
    [InlineData("image", "--text-column", "text")]
    [InlineData("image", "--label-column", "label")]
    [InlineData("text", "--image-size", "64")]
    [InlineData("image", "--separator", ";")]
    [InlineData("image", "--quote", "none")]
    [InlineData("text", "--no-flip")]
    [InlineData("text", "--classes-as-is")]
    [InlineData("text", "--skip-unreadable")]
    public void An_option_of_the_other_kind_is_refused(string kind, params string[] arguments)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => KindOptions.Check(CompareCommand.Create().Parse(arguments), new(kind)));
        Assert.StartsWith(arguments[0], error.Message, StringComparison.Ordinal);
        KindOptions.Check(CompareCommand.Create().Parse(arguments), kind == "image" ? InputKind.Text : InputKind.Image);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("text")]
    public void Defaults_are_not_given_options(string kind)
    {
        KindOptions.Check(CompareCommand.Create().Parse(s_none), new(kind));
        KindOptions.Check(AdviseCommand.Create().Parse(s_none), new(kind));
    }
}
