using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using TransferLab.Data;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Cli;

/// <summary>Runs commands with the house's exit codes: 0 done, 1 the run failed, 2 the command line or the data is unusable.</summary>
internal static partial class CommandRunner
{
    private const string CommandName = "transferlab"; // As it is installed; the assembly that runs may be called otherwise.
    private const int Done = 0, Failed = 1, Unusable = 2;

    /// <summary>How long a cancelled command may take to finish its batch before the process ends.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    private static readonly HashSet<Command> s_interruptible = [];

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string reasons = string.Join(' ', parsed.Errors.Select(error => ErrorLine.Of(PlainTypes(error.Message))).Distinct());
            await Console.Error.WriteLineAsync($"error: {reasons} See 'transferlab {string.Concat(Path(parsed).Reverse())}--help'.").ConfigureAwait(false);
            return Unusable;
        }

        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = s_interruptible.Contains(parsed.CommandResult.Command) ? null : s_grace,
        };
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
    public static Command Does(this Command command, Action<ParseResult, CancellationToken> work, string cancelled = "nothing is half-written") =>
        command.Exits(
        (result, cancellation) =>
        {
            work(result, cancellation);
            return Done;
        },
        cancelled);

    /// <summary>Gives a command work that has an exit code of its own.</summary>
    public static Command Exits(this Command command, Func<ParseResult, CancellationToken, int> work, string cancelled)
    {
        command.SetAction((result, cancellation) => MainThread.Run(() => Guard(() => work(result, cancellation), cancelled)));
        return command;
    }

    /// <summary>Leaves Ctrl-C to the command, whose work is not cancelled by it.</summary>
    public static Command HandlesInterrupts(this Command command)
    {
        s_interruptible.Add(command);
        return command;
    }

    private static int Guard(Func<int> work, string cancelled)
    {
        try
        {
            return work();
        }
        catch (Exception e)
        {
            return e is AggregateException many && many.Flatten().InnerExceptions.All(inner => inner is OperationCanceledException)
                ? Say($"cancelled; {cancelled}.", Failed)
                : Explain(ErrorLine.Cause(e), cancelled);
        }
    }

    private static int Explain(Exception e, string cancelled) => e switch
    {
        OperationCanceledException => Say($"cancelled; {cancelled}.", Failed),
        DataException or ArgumentException or WeightsException or Networks.TokenizerException or Networks.ChatTemplateException or UnreadableImageException
            or NotSupportedException => Say(OptionNames.AsFlags(ErrorLine.Of(e)), Unusable),
        LibTorchException or DivergedException or IOException or UnauthorizedAccessException => Say(ErrorLine.Of(e), Failed),
        OutOfMemoryException => Say("out of memory; take a smaller --image-size or --max-tokens, or a machine with more.", Failed),
        _ => Say(ErrorLine.OfUnexpected(e), Failed),
    };

    /// <summary>The parser names .NET's types.</summary>
    private static string PlainTypes(string message) => ExpectedType().Replace(message, match => match.Value.Contains("Int32", StringComparison.Ordinal)
        ? "as a whole number"
        : "as a number");

    [GeneratedRegex(@"as expected type '(System\.Nullable`1\[)?System\.(Int32|Double)\]?'")]
    private static partial Regex ExpectedType();

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
