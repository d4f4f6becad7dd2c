using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Comparison;
using TransferLab.Comparison.Advice;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Training;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab advise</c>: what to expect, before the time is spent.</summary>
internal static partial class AdviseCommand
{
    private const int Seed = 1;
    private static readonly DataSource s_data = new(hasEmbedded: true);
    private static readonly BackboneOptions s_backbone = new();
    private static readonly Option<int?> s_perClass = new Option<int?>("--train-per-class")
    {
        Description = "Advise for that many training examples a class",
        HelpName = "N",
    }.Within(1, 1_000_000);
    private static readonly Option<string[]> s_check = new("--check")
    {
        Description =
            "Say how often advice was right: each data set in turn is predicted from the others. With folders of finished comparisons of sets known by name, "
                + "those are what is measured; without, those that come with the program",
        HelpName = "FOLDER...",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> s_facts = new("--facts")
    {
        Description = "Measured comparisons to draw on; with --check FOLDER..., the file that receives them",
        HelpName = "FILE",
    };
    private static readonly ComputeOptions s_compute = new();
    private static readonly AdviseAnswers s_answers = new();

    public static Command Create() => new Command("advise", """
        Looks at the data and the frozen features alone, in seconds, and says what to expect of each strategy and what to start with. Without data, of the embedded images; of the
        embedded texts with --text alone.

        Examples:
          transferlab advise --images flowers/
          transferlab advise --text tickets.csv --label-column intent
          transferlab advise --check

        And looks at questions with their answers, in at most a minute, and says which way of answering to start with: prompting, retrieval, tuning, or both.
          transferlab advise --chat questions.jsonl --documents handbook/ --model model.gguf --changes-per month
          transferlab advise --chat --check
        """)
    {
        s_perClass, s_check, s_facts,
    }.With(s_data.All).With(s_backbone.All).With(s_compute.All).With(s_answers.All).Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (s_answers.IsGiven(arguments))
        {
            if (arguments.GetResult(s_check) is not null)
            {
                s_answers.Check(arguments, arguments.GetValue(s_check) ?? [], arguments.GetValue(s_facts));
                return;
            }

            if (arguments.GetValue(s_facts) is not null)
            {
                throw new ArgumentException("--facts: of answers it is for --check alone, since the rules draw on no measured comparisons; leave it out.");
            }

            s_answers.Run(arguments, s_compute, s_data.Root(arguments), cancellation);
            return;
        }

        if (arguments.GetResult(s_check) is not null)
        {
            Check(arguments, cancellation);
            return;
        }

        InputKind kind = s_data.Kind(arguments)!;
        ComputeDevice compute = s_compute.Choose(arguments);
        IReadOnlyList<AdviceFact> facts = arguments.GetValue(s_facts) is { } file ? AdviceFacts.Read(file) : AdviceFacts.Embedded();
        (LabeledData data, Backbone backbone) = kind == InputKind.Text
            ? Texts(arguments, null, null, cancellation)
            : Images(arguments, null, null, null, cancellation);
        LabeledData used = Draw(data, arguments.GetValue(s_perClass));
        Display.Describe(backbone);
        Display.Warn([.. used.Warnings, .. backbone.Encoder.Warnings(data)]);
        TransferScores scores = new TransferScorer(backbone, compute).Score(used, cancellation);
        Advisor advisor = new(facts);
        Console.Out.WriteLine(advisor.CanAdvise ? AdviceText.Of(advisor.Advise(scores)) : AdviceText.Of(scores)
            + "No predictions: too few measured comparisons to draw on; make them with 'transferlab advise --check FOLDER... --facts FILE', and name that file "
                + "here.");
    }

    private static LabeledData Draw(LabeledData data, int? perClass) => perClass is { } n ? Split.Subsample(data, n, Seed) : data;

    private static (LabeledData, Backbone) Images(ParseResult arguments, string? source, string? backbone, int? size, CancellationToken cancellation)
    {
        s_backbone.Create(arguments, InputKind.Image, backbone, cancellation); // A wrong name or size must not cost the reading.
        ImageData images = s_data.Images(arguments, cancellation, s_data.Locate(arguments, InputKind.Image, source));
        return (images.Data, s_backbone.For(arguments, images, backbone, size, cancellation));
    }

    private static (LabeledData, Backbone) Texts(ParseResult arguments, string? source, string? backbone, CancellationToken cancellation)
    {
        Backbone found = s_backbone.Create(arguments, InputKind.Text, backbone, cancellation);
        return (s_data.Texts(arguments, cancellation, s_data.Locate(arguments, InputKind.Text, source)), found);
    }

    private static void Check(ParseResult arguments, CancellationToken cancellation)
    {
        string[] folders = arguments.GetValue(s_check) ?? [];
        IReadOnlyList<AdviceFact> facts;
        if (folders.Length == 0)
        {
            facts = arguments.GetValue(s_facts) is { } file ? AdviceFacts.Read(file) : AdviceFacts.Embedded();
        }
        else
        {
            if (arguments.GetValue(s_facts) is { } output)
            {
                OutputFile.CheckTable("--facts", output, folders.Aggregate(new Inputs(), (inputs, folder) => inputs.Add("--check", folder)));
            }

            ComputeDevice compute = s_compute.Choose(arguments);
            facts = [.. folders.Select(folder => Fact(arguments, folder, compute, cancellation))];
            if (arguments.GetValue(s_facts) is { } target)
            {
                AdviceFacts.Write(facts, target);
            }
        }

        Console.Out.WriteLine(AdviceText.Of(AdviceCheck.Of(facts)));
    }

    /// <summary>The outcome of a finished comparison, with what could have been known of its data beforehand.</summary>
    private static AdviceFact Fact(ParseResult arguments, string folder, ComputeDevice compute, CancellationToken cancellation)
    {
        ComparisonResults results = ResultsFile.Read(Path.Combine(folder, "results.json"));
        Console.Error.WriteLine($"looking at {results.Data.Name} ({results.Data.TrainPerClass?.ToString(CultureInfo.InvariantCulture) ?? "all"} a class)");
        (LabeledData data, Backbone backbone) = results.Data.Kind == InputKind.Text
            ? Texts(arguments, results.Data.Name, results.Backbone.Name, cancellation)
            : Images(arguments, results.Data.Name, results.Backbone.Name, SizeIn(results.Command), cancellation);
        return AdviceFacts.Of(results, new TransferScorer(backbone, compute).Score(Draw(data, results.Data.TrainPerClass), cancellation));
    }

    private static int? SizeIn(string command) => GivenSize().Match(command) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex("""\x20--image-size[\x20=](\d{2,4})\b""")]
    private static partial Regex GivenSize();
}
