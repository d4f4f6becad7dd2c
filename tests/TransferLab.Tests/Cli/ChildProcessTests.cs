using System.Diagnostics;
using TransferLab.Cli;

namespace TransferLab.Tests.Cli;

public sealed class ChildProcessTests
{
    [Fact]
    public void A_program_that_is_not_there_is_told_in_one_line()
    {
        string name = $"none-{Guid.NewGuid():N}";
        IOException error = Assert.Throws<IOException>(() => ChildProcess.Start(new ProcessStartInfo(name), "install it"));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; install it.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
