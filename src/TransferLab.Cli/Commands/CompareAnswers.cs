using System.CommandLine;
using System.Diagnostics;
using TransferLab.Backbones;
using TransferLab.Cli.Hosted;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Runtime;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab compare --chat</c>: prompting, retrieval and tuning on the same questions.</summary>
internal static class CompareAnswers
{
    /// <summary>What the compare command knows already.</summary>
    internal sealed record Request
    {
        public required AnswerFlags Flags { get; init; }

        public required ComputeOptions Compute { get; init; }

        public required string? Strategies { get; init; }

        public required int Seeds { get; init; }

        public required int Tune { get; init; }

        public required bool Restart { get; init; }

        public required bool Replace { get; init; }

        public required string? Out { get; init; }

        public required string? DataRoot { get; init; }

        public required string Command { get; init; }
    }

    public static void Run(ParseResult arguments, Request request, CancellationToken cancellation)
    {
        AnswerFlags flags = request.Flags;
        AnswerOptions options = flags.Read(arguments) with { Seeds = request.Seeds, Restart = request.Restart, Command = request.Command };
        AnswerWay[]? named = request.Strategies is null or "all" ? null
            // A wrong name must not cost the reading.
            : [.. request.Strategies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(AnswerWay.Find)];
        _ = flags.Sizes(arguments, all: 1);
        ModelHost? judgeHost = flags.JudgeHost(arguments), host = flags.Host.Read(arguments, isForJudge: judgeHost is not null);
        HostedRun? hosted = host is null ? null : new(host, flags.HostedModel(arguments), flags.Host.IsConfirmed(arguments));
        if (hosted is not null)
        {
            HostedRun.Check(arguments, named);
        }

        string retriever = flags.Retriever(arguments), model = hosted is null
            ? LanguageOptions.Locate(flags.Model(arguments), request.DataRoot, cancellation)
            : "";
        string? judge = judgeHost is null && flags.Judge(arguments) is { } judging ? LanguageOptions.Locate(judging, request.DataRoot, cancellation) : null;
        string chat = flags.Chat(arguments) is { } given ? DataSource.Find(given, "--chat", request.DataRoot, Path.Exists) : SmallWorldTask.Folder();
        string? documents = flags.Documents(arguments) ?? (flags.Chat(arguments) is null ? Path.Combine(chat, SmallWorldTask.Documents) : null);
        (string? changes, string? after) = hosted is null ? Changed(arguments, flags, chat) : (null, null);
        NeededPackages.EnsureLibTorch();
        Inputs inputs = new Inputs().Add("--chat", chat).Add("--documents", documents).Add("--model", hosted is null ? model : null).Add("--changes", changes)
            .Add("--documents-after", after).Add("--judge", judge);
        using OutputFolder output = OutputFolder.Open("--out", request.Out ?? OutputFolder.Default(chat), inputs);
        QuestionSet data = QuestionSet.Read(chat, flags.Questions(arguments));
        using Library library = Library.Open(documents, data.Passages, retriever, cancellation);
        if (after is not null && library.Passages.Count == 0)
        {
            throw new ArgumentException("--documents-after needs the documents before the change; name them with --documents.");
        }

        IReadOnlyList<Question> changed = changes is null ? [] : AnswerChanges.Read(changes);
        using Library? libraryAfter = (changes ?? after) is null ? null
            : Library.Open(after, after is null ? AnswerChanges.DocumentsAfter(data, library.Passages, changed, changes!) : [], retriever, cancellation);
        bool hasPassages = library.Passages.Count > 0;
        options = options with
        {
            Ways = named ?? Among(request.Strategies is null
                ? AnswerWay.Default(hasPassages, data.Train.Count > 0)
                : AnswerWay.All(hasPassages, data.Train.Count > 0)),
            TrainSizes = flags.Sizes(arguments, data.Train.Count),
            Documents = library.Passages,
            Retriever = library.Retriever,
            IndexSeconds = library.Seconds,
            SaveIndex = hasPassages ? library.Save : null,
            Changes = libraryAfter is null ? null : new()
            {
                Name = (changes ?? after)!,
                Rows = changed,
                Documents = libraryAfter.Passages,
                Retriever = libraryAfter.Retriever,
                IndexSeconds = libraryAfter.Seconds,
            },
            Compute = request.Compute.Choose(arguments, answers: true),
            TuningCompute = request.Compute.Choose(arguments),
            OutputFolder = output.Path,
        };
        output.BelongTo(new() { Name = data.Name, Classes = [], Train = [], Test = [], Hash = data.Hash }, InputKind.Question, request.Replace);
        if (request.Tune > 0)
        {
            Line($"choosing  passages and examples, {request.Tune} numbers each, on training questions");
            options = WayChooser.Choose(data, model, options, request.Tune, null, cancellation);
        }

        using LanguageModel? judgingModel = judge is null ? null : LanguageModel.Open(judge, options.Compute);
        if (judgingModel is not null)
        {
            options = options with { Judge = new LanguageModelJudge(judgingModel, flags.Judge(arguments)!) };
        }
        else if (judgeHost is not null)
        {
            HostedJudge asked = new(judgeHost, flags.Judge(arguments)!, new(output.Path, options.Restart));
            HostConsent.Console.Ask(asked.Lines(data.Test, options.Ways.Sum(way => way.Adaptation is null ? 1 : options.Seeds), options.AnswerTokens),
                flags.Host.IsConfirmed(arguments));
            options = options with { Judge = asked };
        }

        void Tell(AnswerComparer compared) => Describe(data, compared, library, options, isHosted: hosted is not null);
        AnswerComparer comparer = hosted is null ? new(data, model, options) : hosted.Comparer(data, options, Tell);
        if (hosted is null)
        {
            Tell(comparer);
        }

        ComparisonResults results = comparer.Run(new ImmediateProgress<ComparisonProgress>(new Lines(comparer.Metric).Tell), cancellation);
        HtmlReport.Write(results, Path.Combine(output.Path, "report.html"));
        Show(results, output.Path);

        IReadOnlyList<AnswerWay> Among(IReadOnlyList<AnswerWay> ways) => hosted is null ? ways : HostedRun.Among(ways);
    }

    /// <summary>The changes and the documents after them; of the embedded world its own, where neither is named.</summary>
    private static (string? Changes, string? DocumentsAfter) Changed(ParseResult arguments, AnswerFlags flags, string chat)
    {
        (string? changes, string? after) = (flags.Changes(arguments), flags.DocumentsAfter(arguments));
        return flags.Chat(arguments) is null && flags.Documents(arguments) is null && changes is null && after is null
            ? (Path.Combine(chat, SmallWorldTask.Changes), Path.Combine(chat, SmallWorldTask.DocumentsAfter)) : (changes, after);
    }

    private static void Describe(QuestionSet data, AnswerComparer comparer, Library library, AnswerOptions options, bool isHosted)
    {
        Line($"data      {data.Name}: {data.Train.Count:N0} training and {data.Test.Count:N0} test questions in {data.Clusters.Distinct().Count():N0} clusters "
            + $"by {data.ClusteredBy}");
        if (library.Passages.Count > 0)
        {
            Line($"documents {library.Documents:N0} with {library.Passages.Count:N0} passages, looked up by {options.Retriever!.Name}; {options.Passages} are "
                + $"shown");
        }

        Line($"model     {comparer.Model}");
        if (!isHosted)
        {
            Line($"machine   {options.Compute!.Device}, {TorchSharp.torch.get_num_threads()} threads; answers in {options.Compute.Precision}, tuned in "
                + $"{options.TuningCompute!.Precision}");
        }

        if (options.TrainSizes.Count > 0)
        {
            Line($"questions {string.Join(", ", options.TrainSizes.Order())} to train "
                + $"on{(options.TrainSizes.Count > 1 ? ": a curve, and all else of the largest number" : "")}");
        }

        Line($"ways      {string.Join(", ", options.Ways.Select(way => way.Name))}; "
            + $"{(options.Seeds == 1 ? "one seed" : $"{options.Seeds} seeds of what is tuned")}");
        Display.Warn(comparer.Warnings.Concat(library.Warnings));
    }

    /// <summary>The table, what it says, and where the rest is.</summary>
    internal static void Show(ComparisonResults results, string folder)
    {
        Line("");
        Console.Out.WriteLine(AnswerTable.ToText(results));
        if (results.LearningCurves is not null)
        {
            Line(LearningCurveTable.ToText(results));
        }

        if (results.Freshness is not null)
        {
            Line(FreshnessTable.ToText(results));
            foreach (string sentence in FreshnessTable.Sentences(results))
            {
                Line(sentence);
            }
        }

        foreach (string sentence in results.Verdicts.Concat(AnswerTable.BreakEvens(results)))
        {
            Console.Out.WriteLine(sentence);
        }

        if (results.Questions!.Oracle is { } oracle)
        {
            Console.Out.WriteLine(oracle);
        }

        Display.Warn(results.Warnings);
        string best = Path.Combine(folder, "models");
        Line("");
        Line($"report: {Path.Combine(folder, "report.html")}");
        if (Directory.Exists(best))
        {
            Line($"ways that can be used are in {best}: transferlab chat --model {Path.Combine(best, "WAY")}");
        }
    }

    private static void Line(InvariantText text) => Console.Out.WriteLine(text.ToString());

    private static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>What is said while it runs: a line a run, a line an epoch, and now and then where it stands.</summary>
    private sealed class Lines(MetricSummary metric)
    {
        private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);
        private long _said = Stopwatch.GetTimestamp();

        public void Tell(ComparisonProgress at)
        {
            string head = $"[{at.Run}/{at.Runs}] {at.Strategy}{(at.PerClass is { } size ? $" ({size} questions)" : "")} seed {at.Seed}";
            if (at.Result is { } result)
            {
                string value = metric.IsShare ? Figures.Percent(result.Accuracy) : Figures.Score(result.Accuracy);
                Say($"{head}: {metric.Name} {value}, {Figures.Milliseconds(result.LatencyMilliseconds)} an answer{(at.Kept ? " (kept from before)" : "")}");
            }
            else if (at.Training.Point is { } point)
            {
                Say(FormattableString.Invariant($"{head}: epoch {point.Epoch:0}, loss {point.TrainLoss:0.000} ({point.Seconds:0} s)"));
            }
            else if (at.Training.Stage == "mended")
            {
                Say($"{head}: asked after the change");
            }
            else if (Stopwatch.GetElapsedTime(_said) > s_pause)
            {
                Say(FormattableString.Invariant($"{head}: {(at.Training.Stage == "test" ? "asked" : at.Training.Stage)} {100 * at.Training.Share:0} %"));
            }
        }

        private void Say(string text)
        {
            _said = Stopwatch.GetTimestamp();
            Console.Out.WriteLine(text);
        }
    }
}
