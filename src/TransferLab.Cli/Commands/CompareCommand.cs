using System.CommandLine;
using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab compare</c>: the main job.</summary>
internal static class CompareCommand
{
    private static readonly DataSource s_data = new(hasEmbedded: true);
    private static readonly Option<string?> s_test = new("--test")
    {
        Description = "The test: a folder of images, one sub-folder a class, or a file of texts",
        HelpName = "PATH",
    };
    private static readonly BackboneOptions s_backbone = new(several: true);
    private const int FormsOfModels = 2; // .safetensors and .onnx
    private const int Few = 300; // Below it contrast with labels, whose steps are fixed there, takes no longer than fine-tuning.
    private static readonly Option<string> s_strategies = new("--strategies")
    {
        Description =
            $"Comma-separated: {KnownStrategies.Names(", ")}; FILE.json with phases of your own; or all. Where not given, setfit too for fewer than {Few} "
                + $"training examples. With --chat: prompt, few-shot, rag, lora, lora+rag, raft+rag, oracle, nearest ..., or all",
        DefaultValueFactory = _ => "frozen,full,scratch,classical",
        HelpName = "LIST",
    };

    private static readonly Option<int> s_seeds = new Option<int>("--seeds")
    {
        Description = "Repeat with that many seeds",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    }.Within(1, 1000);
    private static readonly Option<string?> s_perClass = new("--train-per-class")
    {
        Description = "Draw that many training examples a class, anew for every seed; a list such as 5,10,20,50 gives learning curves",
        HelpName = "N,N,...",
    };
    private static readonly Option<bool> s_shift = new("--shift")
    {
        Description = "Test on damaged copies of the test too: images blurred, noisy, pale; texts with typing mistakes, in capitals",
    };
    private static readonly Option<string?> s_shifted = new("--shifted")
    {
        Description = "Test on a second test too, of other origin: a folder of images, one sub-folder a class, or a file of texts",
        HelpName = "PATH",
    };
    private static readonly Option<string?> s_forgetting = new("--forgetting")
    {
        Description = "Measure on data of another task how much of the pretrained features is left; the embedded set where no value is given",
        HelpName = "DIR|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> s_calibrate = new("--calibrate")
    {
        Description = "Hold out a fifth of the training examples and fit a temperature to them, so that probabilities say how often a model is right",
    };
    private static readonly Option<bool> s_noFlip = new("--no-flip")
    {
        Description = "Do not mirror images in training: for writing, and whatever left and right tell apart",
    };
    private static readonly Option<string> s_balance = new("--balance")
    {
        Description = "Classes of different sizes: none, weights (in the loss) or sampling (drawn equally often)",
        DefaultValueFactory = _ => "none",
        HelpName = "HOW",
    };
    private static readonly Option<double?> s_layerDecay = new Option<double?>("--layer-decay")
    {
        Description = "Learning rate of each layer group as a share of the next one's, in every strategy that trains the backbone",
        HelpName = "X",
    }.Within(0.000001, 1);
    private static readonly Option<int> s_tune = new Option<int>("--tune")
    {
        Description =
            "Trials for every strategy, judged on a fold of the training data; their time counts. With --chat: numbers of passages and of examples, judged on "
                + "training questions",
        HelpName = "N",
    }.Within(0, 1000);
    private static readonly Option<string> s_rate = new("--rate")
    {
        Description = "Learning rates of the layers: fixed, or search: trials on the training data first, whose time counts; with fewer than 300 examples "
            + "they take eight times as long as the run, with more half as long, and a third of --budget",
        DefaultValueFactory = _ => "fixed",
        HelpName = "HOW",
    };
    private static readonly Option<double?> s_budget = new Option<double?>("--budget")
    {
        Description = "End the training of every strategy after that time, with learning rates that fall to zero by then",
        HelpName = "SECONDS",
    }.Within(0.01, 10_000_000);
    private static readonly Option<bool> s_restart = new("--restart")
    {
        Description = "Repeat what is finished in the output folder, instead of going on where it stopped",
    };
    private static readonly Option<string?> s_out = new("--out")
    {
        Description =
            $"Folder for report.html, results.json, predictions and models, of one data set; {OutputFolder.DefaultRoot}/NAME where not given, by the data's "
                + $"name",
        HelpName = "DIR",
    };

    private static readonly Option<bool> s_replace = new("--replace")
    {
        Description = "Where the output folder holds the comparison of another data set, remove that comparison first",
    };
    private static readonly ComputeOptions s_compute = new();
    private static readonly AnswerFlags s_answers = new();

    public static Command Create() => new Command("compare", """
        Trains the same network frozen and fine-tuned, beside its controls, and reports accuracy against training time.

        Examples:
          transferlab compare
          transferlab compare --images flowers/ --out flowers-results
          transferlab compare --text tickets.csv --label-column intent
          transferlab compare --text tickets.csv --backbones minilm,hf:intfloat/multilingual-e5-small
          transferlab compare --images cifar10 --data-root ~/data --train-per-class 20 --seeds 3 --strategies frozen,full

        And compares ways to get answers from a language model on the same questions: prompting, retrieval, tuning, and both.
          transferlab compare --chat questions/ --documents handbook/ --model hf:HuggingFaceTB/SmolLM2-135M-Instruct
          transferlab compare --chat questions.jsonl --model model.gguf --strategies prompt,few-shot,lora,nearest
        """)
    {
        s_test, s_strategies, s_seeds, s_perClass, s_calibrate, s_shift, s_shifted, s_forgetting,
        s_noFlip, s_balance, s_layerDecay, s_tune, s_rate, s_budget, s_restart, s_out, s_replace,
    }.With(s_data.All).With(s_backbone.All).With(s_compute.All).With(s_answers.All)
        .Does(Run, cancelled: "results of finished seeds are kept, nothing is half-written");

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (s_answers.IsGiven(arguments))
        {
            CompareAnswers.Run(arguments, Answers(arguments), cancellation);
        }
        else
        {
            RunLabels(arguments, cancellation);
        }
    }

    private static CompareAnswers.Request Answers(ParseResult arguments) => new()
    {
        Flags = s_answers,
        Compute = s_compute,
        Strategies = arguments.GetResult(s_strategies) is { Implicit: false } ? arguments.GetRequiredValue(s_strategies) : null,
        Seeds = arguments.GetValue(s_seeds),
        Tune = arguments.GetValue(s_tune),
        Restart = arguments.GetValue(s_restart),
        Replace = arguments.GetValue(s_replace),
        Out = arguments.GetValue(s_out),
        DataRoot = s_data.Root(arguments),
        Command = CommandLine(arguments),
    };

    private static string CommandLine(ParseResult arguments) =>
        "transferlab "
            + string.Join(' ', arguments.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"\"{token.Value}\"" : token.Value));

    private static void RunLabels(ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<int> sizes = Sizes(arguments.GetValue(s_perClass));
        ComparisonOptions options = new()
        {
            Strategies =
                [.. KnownStrategies.List(arguments.GetRequiredValue(s_strategies)).Select(strategy =>
                    WithLayerDecay(strategy, arguments.GetValue(s_layerDecay)))],
            Seeds = arguments.GetValue(s_seeds),
            TrainPerClass = sizes.Count == 1 ? sizes[0] : null,
            Calibrate = arguments.GetValue(s_calibrate),
            Augmentation = Augmentation.Standard with { Flip = !arguments.GetValue(s_noFlip) },
            Balance = Enum.TryParse(arguments.GetRequiredValue(s_balance), ignoreCase: true, out Balance balance) && Enum.IsDefined(balance)
                ? balance
                : throw new ArgumentException($"--balance {arguments.GetRequiredValue(s_balance)}: choose none, weights or sampling."),
            Tune = arguments.GetValue(s_tune),
            Rates = arguments.GetRequiredValue(s_rate).ToLowerInvariant() switch
            {
                "fixed" => RateChoice.Fixed,
                "search" => RateChoice.Searched,
                string other => throw new ArgumentException($"--rate {other}: choose fixed or search."),
            },
            Budget = arguments.GetValue(s_budget),
            Restart = arguments.GetValue(s_restart),
            Command = CommandLine(arguments),
        };
        options.Validate();
        InputKind kind = s_data.Kind(arguments)!;
        string source = s_data.Locate(arguments, kind);
        NeededPackages.EnsureLibTorch();
        using OutputFolder output = OutputFolder.Open("--out", arguments.GetValue(s_out) ?? OutputFolder.Default(source), Inputs(arguments, kind, source));
        Display display = new();
        using TemporaryCopies copies = new();
        CompareTask task = kind == InputKind.Text
            ? Texts(arguments, options, source, display, cancellation)
            : Images(arguments, options, source, display, copies, cancellation);
        output.BelongTo(task.Data, kind, arguments.GetValue(s_replace));
        options = arguments.GetResult(s_strategies) is { Implicit: false } ? options : options with
        {
            Strategies = [.. options.Strategies, .. WhereFew(task.Data, sizes)],
        };
        ComputeDevice compute = s_compute.Choose(arguments);
        options = options with { OutputFolder = output.Path, ShiftedTests = task.Shifted, RetentionData = task.Other };
        Comparer comparer = new(task.Data, task.Backbones, compute, options);
        output.CheckSpace(comparer.Models.Select(model => (model.FileName, FormsOfModels * BackboneCatalog.ModelBytes(model.Strategy, model.Backbone))));
        display.Describe(task, comparer.Warnings, compute);
        ComparisonResults results = display.Follow(progress => sizes.Count > 1
            ? new LearningCurveComparer(task.Data, task.Backbones, compute, options, sizes).Run(progress, cancellation)
            : comparer.Run(progress, cancellation));
        HtmlReport.Write(results, Path.Combine(output.Path, "report.html"));
        display.Show(results, output.Path);
    }

    private static Inputs Inputs(ParseResult arguments, InputKind kind, string source)
    {
        Inputs inputs = new Inputs().Add(kind == InputKind.Text ? "--text" : "--images", source).Add("--test", arguments.GetValue(s_test))
            .Add("--shifted", arguments.GetValue(s_shifted))
            .Add("--forgetting", arguments.GetValue(s_forgetting));
        foreach (string? name in s_backbone.AllNames(arguments))
        {
            inputs.Add("--backbone", name);
        }

        foreach (string name in KnownStrategies.Words(arguments.GetRequiredValue(s_strategies)))
        {
            inputs.Add("--strategies", name);
        }

        return inputs;
    }

    /// <summary>What is compared too, unless somebody says what is, where there are few training examples.</summary>
    private static IEnumerable<Strategy> WhereFew(LabeledData data, IReadOnlyList<int> sizes) =>
        Math.Min(data.Train.Count, sizes.Count > 0 ? sizes.Max() * data.Classes.Count : int.MaxValue) < Few ? [TransferStrategy.SetFit()] : [];

    private static Strategy WithLayerDecay(Strategy strategy, double? decay) =>
        decay is { } given && strategy is TransferStrategy transfer ? transfer.WithLayerDecay(given) : strategy;

    private static IReadOnlyList<int> Sizes(string? list) => list is null
        ? []
        : [.. list.Split(',', StringSplitOptions.TrimEntries)
        .Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out int size) && size > 0 ? size
            : throw new ArgumentException($"--train-per-class {list}: '{word}' is not a number of training examples; give one, or several as 5,10,20."))];

    private static Backbone[] Check(Backbone[] backbones, ComparisonOptions options)
    {
        foreach ((Backbone backbone, Strategy strategy) in backbones.SelectMany(backbone => options.Strategies.Select(strategy => (backbone, strategy))))
        {
            Learner.Check(strategy, backbone);
        }

        return backbones;
    }

    private static CompareTask Images(ParseResult arguments, ComparisonOptions options, string folder, Display display, TemporaryCopies copies,
        CancellationToken cancellation)
    {
        string? test = arguments.GetValue(s_test);
        IReadOnlyList<string?> names = s_backbone.AllNames(arguments);
        // A wrong name or size must not cost the reading.
        Check([.. names.Select(name => s_backbone.Create(arguments, InputKind.Image, name, cancellation))], options);

        ImageData images = display.Reading("images", progress => s_data.Images(arguments, cancellation, folder, test, progress));
        Backbone[] backbones = [.. names.Select(name => s_backbone.For(arguments, images, name, cancellation: cancellation))];
        int[] sizes = [.. backbones.Select(backbone => (backbone.Encoder as ImageEncoder)?.Size ?? ImageSizes.Choose(images.MedianShortSide))];
        int size = sizes.Max();
        ImageFit fit = backbones.All(backbone => backbone.Encoder is ImageEncoder { Fit: ImageFit.Squash }) ? ImageFit.Squash : ImageFit.Crop;
        return new(images.Data, Named(backbones, names), [.. backbones.Zip(sizes, names).Select(item =>
            s_backbone.GivesImageSize(arguments) ? $"{item.Second} px (as given)" : s_backbone.HasOwnSize(arguments, item.Third)
                ? $"{item.Second} px (the model's own)" : $"{item.Second} px (chosen for a median short side of {images.MedianShortSide} px)")])
        {
            Shifted =
            [
                .. arguments.GetValue(s_shift) ? ImageShifts.Write(images.Data.Test, size, copies.Folder, fit, cancellation) : [],
                .. arguments.GetValue(s_shifted) is { } second
                    ? new[] { Second(second, s_data.Images(arguments, cancellation, folder, second).Data.Test) }
                    : [],
            ],
            Other = Other(arguments, images.Data.Name, InputKind.Image, path => s_data.Images(arguments, cancellation, path).Data),
        };
    }

    private static CompareTask Texts(ParseResult arguments, ComparisonOptions options, string path, Display display, CancellationToken cancellation)
    {
        IReadOnlyList<string?> names = s_backbone.AllNames(arguments);
        Backbone[] backbones = Check([.. names.Select(name => s_backbone.Create(arguments, InputKind.Text, name, cancellation))], options);
        string? test = arguments.GetValue(s_test);
        LabeledData texts = display.Reading("texts", progress => s_data.Texts(arguments, cancellation, path, test, progress));
        return new(texts, Named(backbones, names), [.. backbones.Select(backbone => backbone.Encoder.Description)])
        {
            Shifted =
            [
                .. arguments.GetValue(s_shift) ? TextShifts.Of(texts.Test) : [],
                .. arguments.GetValue(s_shifted) is { } second ? new[] { Second(second, s_data.Texts(arguments, cancellation, path, second).Test) } : [],
            ],
            Other = Other(arguments, texts.Name, InputKind.Text, other => TextData.Read(other, new(), null, cancellation)),
        };
    }

    /// <summary>Files of one name in several folders are told apart by their paths.</summary>
    private static Backbone[] Named(Backbone[] backbones, IReadOnlyList<string?> names) => [.. backbones.Zip(names).Select(item =>
        item.Second is { } given && backbones.Count(other => other.Card.Name == item.First.Card.Name) > 1
            ? item.First with { Card = item.First.Card with { Name = given } }
            : item.First)];

    private static ShiftedTest Second(string path, IReadOnlyList<Example> test) =>
        new()
        {
            Name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)),
            Severity = 0,
            Description = "a second test set",
            Examples = test,
            IsCopy = false,
        };

    private static LabeledData? Other(ParseResult arguments, string name, InputKind kind, Func<string, LabeledData> read)
    {
        if (arguments.GetResult(s_forgetting) is null)
        {
            return null;
        }

        string other = arguments.GetValue(s_forgetting) ?? (kind == InputKind.Image ? EmbeddedData.Images : EmbeddedData.Texts);
        return other == name
            ? throw new ArgumentException($"--forgetting {other}: that is the task itself; name {kind}s of another task, a folder or a public set.")
            : read(s_data.Locate(arguments, kind, other, "--forgetting"));
    }
}
