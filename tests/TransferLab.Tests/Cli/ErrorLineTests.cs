using System.Reflection;
using TransferLab.Cli;
using TransferLab.Data;

namespace TransferLab.Tests.Cli;

public sealed class ErrorLineTests
{
    [Fact]
    public void What_dotnet_adds_for_programmers_does_not_reach_a_person()
    {
        Assert.Equal("Decay is 0 to 1, not 2.", ErrorLine.Of(new ArgumentOutOfRangeException("decay", 2, "Decay is 0 to 1, not 2.")));
        Assert.Equal("mine.json: not a strategy: Rank is 1 to 64.",
            ErrorLine.Of($"mine.json: not a strategy: {new ArgumentOutOfRangeException("Rank", 65, "Rank is 1 to 64.").Message}"));
        Assert.Equal("No.", ErrorLine.Of(new ArgumentException("No.", "given")));
    }

    [Fact]
    public void A_list_becomes_one_line() =>
        Assert.Equal("2 files cannot be read: a.png: empty; b.png: cut off", ErrorLine.Of("2 files cannot be read:\n  a.png: empty\r\n  b.png: cut off\n"));

    [Fact]
    public void The_cause_is_told_and_not_what_wraps_it()
    {
        DataException cause = new("bad");
        Assert.Same(cause, ErrorLine.Cause(new AggregateException(new TargetInvocationException(cause))));
    }

    [Fact]
    public void What_nobody_foresaw_is_one_line_too()
    {
        string line = ErrorLine.OfUnexpected(new InvalidOperationException("first\nsecond"));
        Assert.DoesNotContain('\n', line);
        Assert.Contains("first; second", line, StringComparison.Ordinal);
    }
}
