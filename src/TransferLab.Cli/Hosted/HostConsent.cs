namespace TransferLab.Cli.Hosted;

/// <summary>Asks before data leaves the machine.</summary>
/// <param name="input">Where a person answers.</param>
/// <param name="output">Where it is said what leaves.</param>
/// <param name="isTerminal">Whether a person is there.</param>
internal sealed class HostConsent(TextReader input, TextWriter output, bool isTerminal)
{
    /// <summary>At this program's terminal.</summary>
    public static HostConsent Console => new(System.Console.In, System.Console.Out, !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected);

    /// <summary>Says what leaves, and goes on where that is confirmed.</summary>
    /// <param name="lines">What leaves, where to, and what it costs.</param>
    /// <param name="yes">Whether it was confirmed on the command line.</param>
    /// <exception cref="ArgumentException">It is not confirmed; nothing was sent.</exception>
    public void Ask(IEnumerable<string> lines, bool yes)
    {
        foreach (string line in lines)
        {
            output.WriteLine(line);
        }

        if (yes)
        {
            return;
        }

        if (!isTerminal)
        {
            throw new ArgumentException("Nothing was sent: there is no terminal to confirm it at; --yes confirms it for scripts.");
        }

        output.Write("Send it? [y/N] ");
        output.Flush();
        if (input.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new ArgumentException("Nothing was sent: it was not confirmed.");
        }
    }
}
