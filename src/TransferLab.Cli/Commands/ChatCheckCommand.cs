using System.CommandLine;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat check</c>: every fault with its line, path, reason and mend.</summary>
internal static class ChatCheckCommand
{
    private const int Shown = 20, Width = 50;
    private static readonly Argument<string> s_file = new("FILE")
    {
        Description = "Conversations: a .jsonl, .ndjson or .json file of messages, prompt and completion, instruction and output, or ShareGPT's rows",
    };
    private static readonly Option<string?> s_test = new("--test")
    {
        Description = "Held-out conversations, checked too and compared with those for training",
        HelpName = "FILE"
    };
    private static readonly Option<string?> s_model = new("--model")
    {
        Description = $"The language model that will train: its template and its tokens count, not estimates; {ModelResolver.Grammar}",
        HelpName = "M",
    };
    private static readonly Option<string?> s_root = new("--data-root")
    {
        Description = $"Where catalogued files lie; {Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };
    private static readonly Option<int?> s_maxTokens = new("--max-tokens")
    {
        Description = "Rows with more tokens are reported, and dropped by --fix; an answer is never cut",
        HelpName = "N",
    };
    private static readonly Option<string> s_host = new("--for")
    {
        Description = $"By whose rules: {string.Join(", ", ChatHost.All.Select(host => host.Name))}",
        DefaultValueFactory = _ => ChatHost.OpenAI.Name,
        HelpName = "HOST",
    };
    private static readonly Option<bool> s_fix = new("--fix")
    {
        Description = "Write to --out what can be mended without a person, as messages, and say what was done",
    };
    private static readonly Option<string?> s_out = new("--out") { Description = "The .jsonl file that --fix writes", HelpName = "FILE" };
    private static readonly Option<bool> s_all = new("--all") { Description = $"Show all findings of a kind, not the first {Shown}" };

    public static Command Create() => new Command("check", """
        Checks conversations before a second of training is spent on them: every fault with its line, its JSON path, the reason and what mends it.
        Exit code 2 where a fault keeps the file from being used, 0 where there are warnings alone.

        Examples:
          transferlab chat check train.jsonl --test held-out.jsonl
          transferlab chat check train.jsonl --for local --model small-world --max-tokens 1024
          transferlab chat check sharegpt.json --fix --out train.jsonl
        """)
    {
        s_file, s_test, s_model, s_root, s_maxTokens, s_host, s_fix, s_out, s_all,
    }.Exits(Run, cancelled: "nothing is half-written");

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(s_file);
        string? target = arguments.GetValue(s_fix) ? Target(path, arguments.GetValue(s_out), arguments.GetValue(s_test)) : null;
        if (target is null && arguments.GetValue(s_out) is { } unused)
        {
            throw new ArgumentException($"--out {unused}: only --fix writes a file; add it, or leave --out out.");
        }

        ChatCheckOptions options = new()
        {
            Host = ChatHost.Named(arguments.GetRequiredValue(s_host)),
            TestPath = arguments.GetValue(s_test),
            MaxTokens = arguments.GetValue(s_maxTokens),
            Measure = arguments.GetValue(s_model) is { } model ? Encoder(model, arguments.GetValue(s_root), cancellation).Measure : null,
        };
        ChatReport report = ChatCheck.Run(path, options, cancellation);
        Show(report, arguments.GetValue(s_all));
        if (target is null)
        {
            return report.IsUsable ? 0 : 2;
        }

        ChatReport mended = Mend(report, target, options, cancellation);
        return mended.IsUsable ? 0 : 2;
    }

    private static ChatEncoder Encoder(string model, string? root, CancellationToken cancellation) =>
        new LanguageModelTrainer(LanguageOptions.Locate(model, root, cancellation)).Chat
            ?? throw new ArgumentException($"--model {model}: has no chat template.");

    private static string Target(string path, string? target, string? test)
    {
        if (target is null)
        {
            throw new ArgumentException("--fix writes to another file; name it by --out.");
        }

        if (!Path.GetExtension(target).Equals(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"--out {target}: conversations are written as .jsonl.");
        }

        if (Directory.Exists(target) || Path.EndsInDirectorySeparator(target))
        {
            throw new ArgumentException($"--out {target}: is a folder; name a file in it.");
        }

        OutputPlace.CheckWritable($"--out {target}", Path.GetDirectoryName(Path.GetFullPath(target))!);
        return Path.GetFullPath(target) == Path.GetFullPath(path) || (test is not null && Path.GetFullPath(target) == Path.GetFullPath(test))
            ? throw new ArgumentException($"--out {target}: is the file that is checked, which is never overwritten; name another.")
            : target;
    }

    /// <summary>Findings and figures, line by line.</summary>
    internal static void Show(ChatReport report, bool all)
    {
        List<ChatFinding> shown = Shortened(report.Findings, all ? int.MaxValue : Shown, out List<string> more);
        foreach (ChatFinding finding in shown)
        {
            Line($"{(finding.IsFault ? "fault  " : "warning")}   "
                + $"{(finding.InTest ? "held-out " : "")}{finding}{(finding.Mended is { } mended ? $" [--fix: {mended}]" : "")}");
        }

        foreach (string rest in more)
        {
            Line($"more      {rest}; --all shows them");
        }

        Line($"file      {report.Path}, by the rules of {report.Host.Name} ({report.Host.Source})");
        Line($"rows      {report.Rows:N0}, {report.Usable:N0} without a fault{(report.TestRows is { } rows ? $"; {rows:N0} held out" : "")}");
        Line($"turns     {(report.Turns.Count == 0 ? "none that could be read" : string.Join(", ", report.Turns.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key.ToString().ToLowerInvariant()} {pair.Value:N0}")))}");
        string estimated = report.IsEstimate ? "about " : "";
        Line($"tokens    {estimated}{report.Tokens:N0}, of them trained "
            + $"{estimated}{report.TrainedTokens:N0}{(report.IsEstimate ? " (estimates: a token every four bytes)" : "")}");
        if (report.TooLong.Rows > 0)
        {
            Line($"too long  {report.TooLong.Rows:N0} rows with {estimated}{report.TooLong.Tokens:N0} tokens, which are dropped");
        }

        if (report is { Epochs: { } epochs, Tokens: > 0 })
        {
            Line($"epochs    {epochs} by OpenAI's rule for so many rows: {estimated}{epochs * report.Tokens:N0} tokens would be billed");
        }

        Lengths(report.Lengths);
        if (report.Groups.Count > 0)
        {
            (int size, string question) = report.Groups[0];
            Line($"variety   {report.Groups.Count:N0} groups among {report.Grouped:N0} questions; the largest has {100.0 * size / report.Grouped:0.0} %, like "
                + $"'{OneLine(question)}'");
        }

        Verdict(report);
    }

    /// <summary>The first findings of each kind, in their order.</summary>
    private static List<ChatFinding> Shortened(IReadOnlyList<ChatFinding> findings, int most, out List<string> more)
    {
        List<ChatFinding> shown = [];
        Dictionary<(bool, bool, string), List<int>> seen = [];
        foreach (ChatFinding finding in findings)
        {
            var key = (!finding.IsFault, finding.InTest, finding.Kind);
            List<int> lines = seen.TryGetValue(key, out List<int>? found) ? found : seen[key] = [];
            lines.Add(finding.Line);
            if (lines.Count <= most)
            {
                shown.Add(finding);
            }
        }

        more = [.. seen.Where(pair => pair.Value.Count > most).Select(pair =>
            $"{pair.Value.Count - most} {(pair.Key.Item2 ? "held-out " : "")}{pair.Key.Item3}: lines "
                + $"{string.Join(", ", pair.Value.Skip(most).Take(Shown))}{(pair.Value.Count > most + Shown ? ", ..." : "")}")];
        return shown;
    }

    private static void Verdict(ChatReport report)
    {
        int faults = report.Findings.Count(finding => finding.IsFault), warnings = report.Findings.Count - faults;
        Line($"verdict   {(faults == 0 ? "usable" : $"not usable: {faults:N0} {(faults == 1 ? "fault" : "faults")}")}"
            + $"{(warnings > 0 ? $", {warnings:N0} {(warnings == 1 ? "warning" : "warnings")}" : "")}");
    }

    private static void Lengths(LengthHistogram lengths)
    {
        if (lengths.Count == 0)
        {
            return;
        }

        Line($"lengths   half of the rows have at most {lengths.Quantile(0.5):N0} tokens, 95 % at most {lengths.Quantile(0.95):N0}, the longest "
            + $"{lengths.Longest:N0}");
        int most = lengths.Bars.Max(bar => bar.Rows);
        foreach ((int from, int to, int rows) in lengths.Bars)
        {
            string bar = new('#', rows == 0 ? 0 : Math.Max(1, (int)((long)Width * rows / most)));
            Line($"          {from,8:N0} to {to - 1,8:N0}  {rows,8:N0} {bar}");
        }
    }

    private static ChatReport Mend(ChatReport report, string target, ChatCheckOptions options, CancellationToken cancellation)
    {
        ChatMending done = report.WriteMended(target);
        if (ChatCard.Read(report.Path) is { } card)
        {
            (card with { Conversations = done.Written }).Write(target); // What the source may be used for goes with its rows.
        }

        Line($"");
        foreach (IGrouping<string?, ChatFinding> group in done.Mended.GroupBy(finding => $"{finding.Kind}: {finding.Mended}"))
        {
            Line($"mended    {group.Key} ({Lines(group)})");
        }

        foreach (IGrouping<string, ChatFinding> group in done.LeftOut.GroupBy(finding => finding.Kind))
        {
            Line($"left out  {group.Key} ({Lines(group)})");
        }

        ChatReport mended = ChatCheck.Run(target, options, cancellation);
        Line($"written   {target}: {done.Written:N0} rows");
        foreach (ChatFinding fault in mended.Findings.Where(finding => finding.IsFault).Take(Shown))
        {
            Line($"fault     {(fault.InTest ? "held-out " : "")}{fault}");
        }

        Verdict(mended);
        return mended;
    }

    private static string Lines(IEnumerable<ChatFinding> findings)
    {
        int[] lines = [.. findings.Select(finding => finding.Line).Distinct()];
        return lines is [0] ? "the file"
            : $"{(lines.Length == 1 ? "line" : "lines")} "
                + $"{string.Join(", ", lines.Take(Shown))}{(lines.Length > Shown ? $" and {lines.Length - Shown:N0} more" : "")}";
    }

    private static string OneLine(string text)
    {
        string line = string.Concat(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return line.Length > Width && !char.IsHighSurrogate(line[Width - 1]) ? line[..Width] + "..." : line;
    }

    private static void Line(InvariantText text) => Console.Out.WriteLine(text.ToString());
}
