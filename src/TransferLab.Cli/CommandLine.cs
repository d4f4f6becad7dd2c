using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using TransferLab.Data;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Cli;

/// <summary>Runs commands with the house's exit codes: 0 done, 1 the run failed, 2 the command line or the data is unusable.</summary>
internal static class CommandLine
{
    private const string CommandName = "transferlab"; // As it is installed; the assembly that runs may be called otherwise.
    private const int Done = 0, Failed = 1, Unusable = 2;

    /// <summary>How long a cancelled command may take to finish its batch before the process ends.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"error: {error.Message} See 'transferlab {string.Join(' ', Path(parsed))}--help'.").ConfigureAwait(false);
            }

            return Unusable;
        }

        InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_grace };
        if (parsed.Action is HelpAction)
        {
            using StringWriter help = new();
            configuration.Output = help;
            await parsed.InvokeAsync(configuration).ConfigureAwait(false);
            await Console.Out.WriteAsync(help.ToString().Replace(RootCommand.ExecutableName, CommandName, StringComparison.Ordinal)).ConfigureAwait(false);
            return Done;
        }

        return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
    }

    /// <summary>Gives a command its work; expected failures become one line each and an exit code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Its work.</param>
    /// <param name="cancelled">What is true after a cancellation.</param>
    public static Command Does(this Command command, Action<ParseResult, CancellationToken> work, string cancelled = "nothing is half-written") => command.Exits(
        (result, cancellation) =>
        {
            work(result, cancellation);
            return Done;
        },
        cancelled);

    /// <summary>Gives a command work that has an exit code of its own.</summary>
    public static Command Exits(this Command command, Func<ParseResult, CancellationToken, int> work, string cancelled)
    {
        command.SetAction((result, cancellation) => Task.Run(() => Guard(() => work(result, cancellation), cancelled), CancellationToken.None));
        return command;
    }

    private static int Guard(Func<int> work, string cancelled)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            return Say($"cancelled; {cancelled}.", Failed);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            return Say($"cancelled; {cancelled}.", Failed);
        }
        catch (Exception e) when (Unwrap(e) is DataException or ArgumentException or WeightsException or UnreadableImageException or NotSupportedException)
        {
            return Say(OptionNames.AsFlags(Unwrap(e).Message), Unusable);
        }
        catch (Exception e) when (Unwrap(e) is LibTorchException or DivergedException or IOException or UnauthorizedAccessException)
        {
            return Say(Unwrap(e).Message, Failed);
        }
        catch (Exception e)
        {
            return Say($"unexpected: {e}", Failed);
        }
    }

    private static Exception Unwrap(Exception e) => e is AggregateException { InnerExceptions.Count: > 0 } many ? many.InnerExceptions[0] : e;

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"error: {message}");
        return code;
    }

    private static IEnumerable<string> Path(ParseResult parsed)
    {
        for (SymbolResult? symbol = parsed.CommandResult; symbol is CommandResult { Command: not RootCommand } command; symbol = symbol.Parent)
        {
            yield return command.Command.Name + " ";
        }
    }
}
