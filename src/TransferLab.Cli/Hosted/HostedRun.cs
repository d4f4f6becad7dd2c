using System.CommandLine;
using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Cli.Hosted;

/// <summary>A comparison that asks a host.</summary>
/// <param name="host">The host.</param>
/// <param name="model">The model's name there.</param>
/// <param name="isConfirmed">Whether it was confirmed on the command line that the data leaves.</param>
internal sealed class HostedRun(ModelHost host, string model, bool isConfirmed)
{
    private static readonly string[] s_tuning = ["--epochs", "--batch-size", "--learning-rate", "--rank", "--tune", "--train", "--changes",
        "--documents-after"];

    /// <summary>Which model a row asks; that of the run where null.</summary>
    public Func<AnswerWay, string>? ModelOf { get; init; }

    /// <summary>Refuses what a host does not do, before any work.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="ways">The ways that were named; null where none were.</param>
    /// <exception cref="ArgumentException">A way is tuned, or an option is for tuning or for a model of this machine.</exception>
    public static void Check(ParseResult arguments, IReadOnlyList<AnswerWay>? ways)
    {
        if (ways?.FirstOrDefault(way => way.Adaptation is not null) is { } tuned)
        {
            throw new ArgumentException($"--strategies {tuned.Name}: tunes a model of this machine, and --host asks one elsewhere: "
                + "prompt, few-shot, rag, oracle, shuffled, nearest and majority do; 'transferlab chat tune' tunes it there.");
        }

        Option? stray = arguments.CommandResult.Command.Options.FirstOrDefault(option => s_tuning.Contains(option.Name)
            && arguments.GetResult(option) is { Implicit: false });
        if (stray is not null)
        {
            throw new ArgumentException($"{stray.Name}: is for a model of this machine, and --host asks one elsewhere; leave it out.");
        }
    }

    /// <summary>Of ways, those that a host does.</summary>
    public static IReadOnlyList<AnswerWay> Among(IReadOnlyList<AnswerWay> ways) => [.. ways.Where(way => way.Adaptation is null)];

    /// <summary>The comparison, once it is confirmed that the data leaves.</summary>
    /// <param name="data">The questions.</param>
    /// <param name="options">With an output folder, in which answers are kept.</param>
    /// <param name="describe">Told the comparison before it is asked for.</param>
    /// <exception cref="ArgumentException">It is not confirmed.</exception>
    public AnswerComparer Comparer(QuestionSet data, AnswerOptions options, Action<AnswerComparer> describe)
    {
        AnswerCache cache = new(options.OutputFolder!, options.Restart);
        HostedModel hosted = new(host, model, options.AnswerTokens, new HostRetry(host, Console.Error.WriteLine), cache) { ModelOf = ModelOf };
        AnswerComparer comparer = new(data, hosted, options);
        describe(comparer);
        HostEstimate estimate = HostEstimate.Of(comparer.Requests(), hosted, cache, options.AnswerTokens);
        HostConsent.Console.Ask(estimate.Lines(host, model, options.Prices), isConfirmed || estimate.Requests == 0);
        return comparer;
    }
}
