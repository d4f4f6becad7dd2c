using System.CommandLine;
using System.Globalization;
using TransferLab.Cli.Hosted;
using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat tune</c>: a model is tuned at a host.</summary>
internal static class ChatTuneCommand
{
    private static readonly Argument<string?> s_file = new("FILE")
    {
        Description = "Conversations to tune on: a .jsonl file of messages",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly HostFlags s_host = new();
    private static readonly Option<string?> s_model = new("--model") { Description = "The model to tune, by its name at the host", HelpName = "NAME" };
    private static readonly Option<string?> s_test = new("--test")
    {
        Description = "Held-out questions that the model answers before and after, when the job is done",
        HelpName = "FILE",
    };
    private static readonly Option<int?> s_epochs = new Option<int?>("--epochs")
    {
        Description = "Passes over the rows; the host chooses where not given",
        HelpName = "N",
    }.Within(1, 50);
    private static readonly Option<string?> s_rules = new("--for")
    {
        Description = $"By whose rules the rows are checked: {string.Join(", ", ChatHost.All.Select(host => host.Name))}; by the host's address where not given",
        HelpName = "HOST",
    };
    private static readonly Option<string?> s_job = new("--job") { Description = "Follow a job that was begun before", HelpName = "JOB" };
    private static readonly Option<string?> s_cancel = new("--cancel") { Description = "Cancel a job", HelpName = "JOB" };
    private static readonly Option<double> s_priceTrain = new Option<double>("--price-train")
    {
        Description = "Price of a million tokens that are trained on",
        HelpName = "X",
    }.Within(0, 1e9);
    private static readonly Option<double> s_priceIn = new Option<double>("--price-in")
    {
        Description = "Price of a million tokens that are read, for --test",
        HelpName = "X",
    }.Within(0, 1e9);
    private static readonly Option<double> s_priceOut = new Option<double>("--price-out")
    {
        Description = "Price of a million tokens that are written, for --test",
        HelpName = "X",
    }.Within(0, 1e9);
    private static readonly Option<string?> s_out = new("--out")
    {
        Description = $"Folder for the comparison of --test; {OutputFolder.DefaultRoot}/NAME where not given",
        HelpName = "DIR",
    };

    public static Command Create() => new Command("tune", """
        Tunes a model at a host under OpenAI's fine-tuning API: checks the rows, says what leaves the machine and what it costs, uploads, begins, follows. Ctrl-C leaves the job
        running. OpenAI itself closes its fine-tuning to all on 6 January 2027; other hosts speak the same API, and 'transferlab train --chat' tunes on this machine.

        Examples:
          transferlab chat tune train.jsonl --host https://api.openai.com/v1 --model gpt-4.1-nano-2025-04-14 --test test.jsonl
          transferlab chat tune --host https://api.openai.com/v1 --job ftjob-abc123
          transferlab chat tune --host https://api.openai.com/v1 --cancel ftjob-abc123
        """)
    {
        s_file, s_model, s_test, s_epochs, s_rules, s_job, s_cancel, s_priceTrain, s_priceIn, s_priceOut, s_out,
    }.With(s_host.All).Exits(Run, cancelled: "no job was begun that was told here");

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        (string? file, string? job, string? cancelled) = (arguments.GetValue(s_file), arguments.GetValue(s_job), arguments.GetValue(s_cancel));
        if (new[] { file, job, cancelled }.Count(given => given is not null) != 1)
        {
            throw new ArgumentException("Give FILE to tune on, --job JOB to follow, or --cancel JOB: one of them.");
        }

        ModelHost host = s_host.Read(arguments)
            ?? throw new ArgumentException("--host: name the host, such as https://api.openai.com/v1; 'transferlab train --chat FILE' tunes on this machine.");
        TuningJobs jobs = new(host, new HostRetry(host, Console.Error.WriteLine), Console.Out.WriteLine);
        if (cancelled is not null)
        {
            TuningJob stopped = jobs.CancelAsync(cancelled, cancellation).GetAwaiter().GetResult();
            Line($"job       {stopped.Id}: {stopped.Status}");
            return 0;
        }

        string? test = arguments.GetValue(s_test);
        using OutputFolder? output = test is null
            ? null
            : OutputFolder.Open("--out", arguments.GetValue(s_out) ?? OutputFolder.Default(test), new Inputs().Add("FILE", file).Add("--test", test));
        TunedComparison? comparison = test is null ? null : Comparison(arguments, host, file, test, output!);
        try
        {
            job ??= Begin(arguments, host, jobs, comparison, file!, test, cancellation);
            if (file is null && comparison is not null)
            {
                HostConsent.Console.Ask(comparison.Estimate(Answers).Lines(host, "before and after tuning", Prices(arguments)), s_host.IsConfirmed(arguments));
            }

            TuningJob done = jobs.FollowAsync(job, cancellation).GetAwaiter().GetResult();
            Line($"tuned     {done.Tuned}{(done.TrainedTokens is { } tokens ? $", {tokens:N0} tokens trained" : "")}; 'transferlab compare --chat QUESTIONS "
                + $"--host {host} --model {done.Tuned}' asks it");
            comparison?.Run(done, output!, $"transferlab chat tune --job {job} --test {test}", cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (job is not null)
        {
            Console.Error.WriteLine(
                $"job {job} goes on at {host}: 'transferlab chat tune --host {host} --job {job}' follows it, and with --cancel {job} instead cancels it.");
            return 1;
        }
    }

    private const int Answers = 128;

    /// <summary>Reads the questions before anything is spent.</summary>
    private static TunedComparison Comparison(ParseResult arguments, ModelHost host, string? file, string test, OutputFolder output)
    {
        NeededPackages.EnsureLibTorch();
        QuestionSet data = QuestionSet.ReadFiles(file, test);
        output.BelongTo(new() { Name = data.Name, Classes = [], Train = [], Test = [], Hash = data.Hash }, "question", replace: false);
        return new(host, data, Prices(arguments));
    }

    private static string Begin(ParseResult arguments, ModelHost host, TuningJobs jobs, TunedComparison? comparison, string file, string? test,
        CancellationToken cancellation)
    {
        string model = arguments.GetValue(s_model) is { Length: > 0 } named
            ? named
            : throw new ArgumentException("--model: name the model to tune, as the host calls it.");
        ChatHost rules = arguments.GetValue(s_rules) is { } given ? ChatHost.Named(given) : RulesOf(host);
        ChatReport report = ChatCheck.Run(file, new() { Host = rules, TestPath = test }, cancellation);
        ChatCheckCommand.Show(report, all: false);
        if (!report.IsUsable)
        {
            throw new DataException($"{file}: cannot be tuned on by the rules of {rules.Name}, for the faults above; "
                + $"'transferlab chat check {file} --for {rules.Name} --fix --out FILE' mends what can be.");
        }

        HostConsent.Console.Ask(Lines(arguments, host, comparison, report, model), s_host.IsConfirmed(arguments));
        string uploaded = jobs.UploadAsync(file, cancellation).GetAwaiter().GetResult();
        Line($"uploaded  {file} as {uploaded}");
        TuningJob job = jobs.StartAsync(model, uploaded, arguments.GetValue(s_epochs), cancellation).GetAwaiter().GetResult();
        Line($"begun     {job.Id}; Ctrl-C leaves it running");
        return job.Id;
    }

    private static IEnumerable<string> Lines(ParseResult arguments, ModelHost host, TunedComparison? comparison, ChatReport report, string model)
    {
        double price = arguments.GetValue(s_priceTrain);
        int? epochs = arguments.GetValue(s_epochs) ?? report.Epochs;
        yield return Say(
            $"licence   of the rows: {ChatCard.Read(report.Path)?.License ?? "not stated"}; {model} and what is tuned from it stay at the host, under its "
                + $"terms");
        yield return Say($"leaves    this data leaves the machine: {report.Rows:N0} rows go to {host}, which keeps them until you delete them there");
        yield return Say(
            $"trained   about {report.Tokens:N0} tokens a "
                + $"pass{(epochs is { } passes ? $", {passes * report.Tokens:N0} in {passes} passes, are billed" : "; how many passes, the host chooses")} "
                + $"(estimates: a token every four bytes)");
        yield return price == 0 ? "cost      not known: --price-train (of a million tokens) tells it"
            : epochs is { } counted
                ? Say($"cost      about {counted * report.Tokens * price / 1e6:0.00##}, by --price-train")
                : "cost      not known: --epochs fixes how many passes there are";
        foreach (string line in comparison?.Estimate(Answers).Lines(host, $"{model} before and after tuning", Prices(arguments)) ?? [])
        {
            yield return line;
        }

        foreach (string line in host.IsOpenAI ? OpenAIClosing.Lines : [])
        {
            yield return line;
        }
    }

    private static ChatHost RulesOf(ModelHost host) =>
        ChatHost.All.FirstOrDefault(rules => rules != ChatHost.Local && host.Endpoint.Host.Contains(rules.Name, StringComparison.OrdinalIgnoreCase))
            ?? ChatHost.OpenAI;

    private static AnswerPrices? Prices(ParseResult arguments) =>
        new AnswerPrices(arguments.GetValue(s_priceIn), arguments.GetValue(s_priceOut), 0) is var prices && prices is { InputMillion: 0, OutputMillion: 0 }
            ? null
            : prices;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(FormattableString text) => Console.Out.WriteLine(Say(text));
}
