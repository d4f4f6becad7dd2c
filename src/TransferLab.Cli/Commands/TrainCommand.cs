using System.CommandLine;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab train</c>: one strategy on all examples, for use rather than for comparison.</summary>
internal static class TrainCommand
{
    private static readonly DataSource s_data = new();
    private static readonly Option<string> s_strategy = new("--strategy")
    {
        Description = "Name of a strategy, or FILE.json",
        DefaultValueFactory = _ => "full",
        HelpName = "NAME|FILE",
    };
    private static readonly Option<string?> s_from = new("--from")
    {
        Description = "Saved network to continue from, its head kept for classes of the same names; for --chat the folder of an earlier tuning",
        HelpName = "FILE",
    };
    private static readonly BackboneOptions s_backbone = new();
    private static readonly Option<bool> s_noFlip = new("--no-flip") { Description = "Do not mirror images in training" };
    private static readonly Option<int> s_seed = new("--seed")
    {
        Description = "Decides initial weights, order and views",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };
    private static readonly Option<string> s_out = new("--out")
    {
        Description =
            "The model: .safetensors, from which training can continue; .onnx or .zip (for ml.Model.Load), which run without libtorch; a folder for --chat and "
                + "--corpus",
        Required = true,
        HelpName = "FILE|DIR",
    };
    private static readonly ComputeOptions s_compute = new();
    private static readonly LanguageOptions s_language = new();

    public static Command Create() => new Command("train", """
        Trains one strategy on all labelled examples, those of the test included, and writes the model. Compare first: this measures nothing.

        Examples:
          transferlab train --images flowers/ --strategy full --out flowers.safetensors
          transferlab train --images new-flowers/ --from flowers.safetensors --out more-flowers.safetensors
          transferlab train --text tickets.csv --strategy frozen --out tickets.onnx
          transferlab train --images flowers/ --strategy frozen --out flowers.zip
          transferlab train --chat answers.jsonl --model SmolLM2-135M-Instruct.Q4_1.gguf --strategy lora --out tuned/
          transferlab train --corpus handbook/ --chat answers.jsonl --model hf:HuggingFaceTB/SmolLM2-135M-Instruct --out tuned/
        """)
    {
        s_strategy, s_from, s_noFlip, s_seed, s_out,
    }.With(s_data.All).With(s_backbone.All).With(s_language.All).With(s_compute.All)
        .Does(Run, cancelled: "nothing is half-written, and the same command goes on tuning a language model where it was");

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string target = arguments.GetRequiredValue(s_out);
        if (s_language.IsGiven(arguments))
        {
            if (s_backbone.Name(arguments) is { } given)
            {
                throw new ArgumentException(
                    $"--backbone {given}: is for images and texts; name the language model that --chat and --corpus tune with --model.");
            }

            TrainLanguage.Run(arguments, s_language, new()
            {
                Out = target,
                Strategy = arguments.GetResult(s_strategy) is { Implicit: false } ? arguments.GetRequiredValue(s_strategy) : "lora",
                From = arguments.GetValue(s_from),
                Seed = arguments.GetValue(s_seed),
                MaxTokens = s_backbone.MaxTokens(arguments),
                DataRoot = s_data.Root(arguments),
                Compute = () => s_compute.Choose(arguments),
            }, cancellation);
            return;
        }

        string[] forms = [".safetensors", ".onnx", ".zip"];
        OutputFile.CheckName("--out", target, forms);
        InputKind kind = s_data.Kind(arguments)
            ?? throw new ArgumentException("Name what to train on: --images DIR, --text FILE, --chat FILE or --corpus FILE.");
        Strategy strategy = KnownStrategies.Find(arguments.GetRequiredValue(s_strategy));
        if (s_language.NamesModel(arguments))
        {
            throw new ArgumentException("--model: is the language model that --chat and --corpus tune; name the network that learns classes with --backbone.");
        }

        if (arguments.GetValue(s_from) is { } earlier)
        {
            _ = s_backbone.Name(arguments) is null
                ? 0
                : throw new ArgumentException("--from and --backbone: the saved network is the backbone; give one of them.");
            TrainedFile.Check("--from", earlier, "--from goes on with a network that train or compare wrote.");
        }

        Inputs inputs = new Inputs().Add("--from", arguments.GetValue(s_from)).Add("--backbone", s_backbone.Name(arguments))
            .Add("--strategy", arguments.GetValue(s_strategy))
            .Add(kind == InputKind.Image ? "--images" : "--text", s_data.Locate(arguments, kind));
        OutputFile.CheckModel("--out", target, inputs, forms);
        NeededPackages.EnsureLibTorch();
        Check(strategy, s_backbone.Create(arguments, kind, arguments.GetValue(s_from), cancellation));
        (LabeledData data, Backbone backbone) = kind == InputKind.Image ? Images(arguments, cancellation) : Texts(arguments, cancellation);
        Example[] all = [.. data.Train, .. data.Test];
        Console.Out.WriteLine($"data      {data.Summary(kind.Name)}; a model is trained on all of them");
        OutputFile.CheckSpace("--out", target, BackboneCatalog.ModelBytes(strategy, backbone));
        Display.Describe(backbone);
        Display.Warn([.. data.Warnings, .. backbone.Encoder.Warnings(data)]);
        ComputeDevice compute = s_compute.Choose(arguments);
        // Others are kept in files of their own, and read pixels as the library does.
        bool becomesPipeline = IsPipeline(target) && strategy is TransferStrategy or KnnStrategy;
        TrainingOptions training = new() { Augmentation = Augmentation.Standard with { Flip = !arguments.GetValue(s_noFlip) } };
        Learner learner = new(becomesPipeline ? backbone.WithPipelinePixels() : backbone, compute, new(), training)
        {
            Head = arguments.GetValue(s_from) is { } from ? HeadWeights.Read(from) : null,
        };
        using FitResult fitted =
            learner.Fit(strategy, all, data.Classes, arguments.GetValue(s_seed), new ImmediateProgress<TrainingProgress>(Say), cancellation);
        string written = Save(fitted.Model, target);
        Console.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"model     {written}: {fitted.Model.Parameters:N0} parameters, trained in {fitted.Time.Total:0.0} s"));
    }

    private static void Check(Strategy strategy, Backbone backbone)
    {
        Learner.Check(strategy, backbone);
        if (backbone.FrozenOnly is { } why)
        {
            throw new ArgumentException(
                $"--backbone {backbone.Card.Name}: is {why}, and a model made on it cannot be written as one file; 'compare' measures it, and the network's "
                    + $"own weights can be trained.");
        }
    }

    private static (LabeledData Data, Backbone Backbone) Images(ParseResult arguments, CancellationToken cancellation)
    {
        string? from = arguments.GetValue(s_from);
        Backbone backbone = s_backbone.Create(arguments, InputKind.Image, from, cancellation); // A wrong name or size must not cost the reading.
        ImageData images = s_data.Images(arguments, cancellation);
        // Training goes on at the size of the saved network.
        return (images.Data, from is null ? s_backbone.For(arguments, images, cancellation: cancellation) : backbone);
    }

    private static (LabeledData Data, Backbone Backbone) Texts(ParseResult arguments, CancellationToken cancellation)
    {
        Backbone backbone = s_backbone.Create(arguments, InputKind.Text, arguments.GetValue(s_from), cancellation);
        return (s_data.Texts(arguments, cancellation), backbone);
    }

    /// <returns>Where it was written: in a form that the model has not, it would be lost.</returns>
    private static string Save(TrainedModel model, string target)
    {
        string extension = Path.GetExtension(target).ToLowerInvariant();
        if (IsPipeline(target) && PipelineFile.CanHold(model))
        {
            PipelineFile.Write(model, target);
            return target;
        }

        if (extension == ".onnx" && model.CanExport)
        {
            model.ExportOnnx(target);
            return target;
        }

        string written = extension == model.FileExtension ? target : Path.ChangeExtension(target, model.FileExtension);
        if (written != target)
        {
            written = File.Exists(written) ? target + model.FileExtension : written; // Nobody named that file.
            Display.Warn([$"This model has no {extension} form; it is written as {model.FileExtension}."]);
        }

        model.Save(written);
        return written;
    }

    private static bool IsPipeline(string target) => Path.GetExtension(target).Equals(".zip", StringComparison.OrdinalIgnoreCase);

    private static void Say(TrainingProgress progress)
    {
        if (progress is { Point: { TrainLoss: { } loss } point, Stage: "training" })
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {point.Epoch:0}: loss {loss:0.000} ({point.Seconds:0.0} s)"));
        }
    }
}
