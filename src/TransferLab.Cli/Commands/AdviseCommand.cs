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
    private static readonly Option<string?> s_backbone = new("--backbone") { Description = $"Pretrained network: {BackboneCatalog.Names}; the first for the data where not given", HelpName = "NAME|FILE" };
    private static readonly Option<int?> s_perClass = new("--train-per-class") { Description = "Advise for that many training examples a class", HelpName = "N" };
    private static readonly Option<string[]> s_check = new("--check")
    {
        Description = "Say how often advice was right: each data set in turn is predicted from the others. With folders of finished comparisons of sets known by name, those are what is measured; without, those that come with the program",
        HelpName = "FOLDER...",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> s_facts = new("--facts") { Description = "Measured comparisons to draw on; with --check FOLDER..., the file that receives them", HelpName = "FILE" };
    private static readonly Option<int?> s_size = new("--image-size") { Description = "Size that the network sees, a multiple of 32; chosen from the data where not given", HelpName = "PX" };
    private static readonly Option<string> s_device = new("--device") { Description = "auto, cpu or cuda", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
    private static readonly Option<string> s_precision = new("--precision") { Description = "auto (what the processor is faster in), float32 or bfloat16", DefaultValueFactory = _ => "auto", HelpName = "NAME" };

    public static Command Create()
    {
        Command command = new("advise", """
            Looks at the data and the frozen features alone, in seconds, and says what to expect of each strategy and what to start with. Without data, of the embedded images; of the
            embedded texts with --text alone.

            Examples:
              transferlab advise --images flowers/
              transferlab advise --text tickets.csv --label-column intent
              transferlab advise --check
            """)
        {
            s_backbone, s_size, s_perClass, s_check, s_facts, s_device, s_precision,
        };
        foreach (Option option in s_data.Options)
        {
            command.Add(option);
        }

        return command.Does(Run);
    }

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetResult(s_check) is not null)
        {
            Check(arguments, cancellation);
            return;
        }

        bool isText = s_data.Kind(arguments) == "text";
        ComputeDevice compute = Compute(arguments);
        IReadOnlyList<AdviceFact> facts = arguments.GetValue(s_facts) is { } file ? AdviceFacts.Read(file) : AdviceFacts.Embedded();
        TransferScores scores = Score(arguments, isText, null, arguments.GetValue(s_backbone), arguments.GetValue(s_size), arguments.GetValue(s_perClass), compute, cancellation);
        Advisor advisor = new(facts);
        Console.Out.WriteLine(advisor.CanAdvise ? AdviceText.Of(advisor.Advise(scores)) : AdviceText.Of(scores)
            + "No predictions: too few measured comparisons to draw on; make them with 'transferlab advise --check FOLDER... --facts FILE', and name that file here.");
    }

    private static ComputeDevice Compute(ParseResult arguments)
    {
        NeededPackages.EnsureLibTorch();
        return ComputeDevice.Choose(arguments.GetRequiredValue(s_device), arguments.GetRequiredValue(s_precision));
    }

    private static TransferScores Score(ParseResult arguments, bool isText, string? source, string? backboneName, int? size, int? perClass, ComputeDevice compute, CancellationToken cancellation)
    {
        (LabeledData data, Backbone backbone) = isText ? Texts(arguments, source, backboneName, cancellation) : Images(arguments, source, backboneName, size, cancellation);
        LabeledData used = perClass is { } n ? Split.Subsample(data, n, Seed) : data;
        if (source is null)
        {
            Display.Warn([.. used.Warnings, .. backbone.Encoder.Warnings(data)]);
        }

        return new TransferScorer(backbone, compute).Score(used, cancellation);
    }

    private static (LabeledData, Backbone) Images(ParseResult arguments, string? source, string? backbone, int? size, CancellationToken cancellation)
    {
        BackboneCatalog.Create(backbone, "image", size); // A wrong name or size must not cost the reading.
        ImageData images = s_data.Images(arguments, cancellation, source);
        return (images.Data, BackboneCatalog.Create(backbone, "image", size ?? ImageSizes.Choose(images.MedianShortSide)));
    }

    private static (LabeledData, Backbone) Texts(ParseResult arguments, string? source, string? backbone, CancellationToken cancellation) =>
        (s_data.Texts(arguments, cancellation, source), BackboneCatalog.Create(backbone, "text", size: null));

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
            ComputeDevice compute = Compute(arguments);
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
        bool isText = results.Data.Kind == "text";
        return AdviceFacts.Of(results, Score(arguments, isText, results.Data.Name, results.Backbone.Name, SizeIn(results.Command), results.Data.TrainPerClass, compute, cancellation));
    }

    private static int? SizeIn(string command) => GivenSize().Match(command) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("""\x20--image-size[\x20=](\d{2,4})\b""")]
    private static partial Regex GivenSize();
}
