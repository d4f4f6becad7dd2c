using System.CommandLine;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Prediction;
using TransferLab.Reporting;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab export</c>: a saved network as ONNX or as an ML.NET model, and what that costs.</summary>
internal static class ExportCommand
{
    private static readonly DataSource s_data = new();
    private static readonly Option<string> s_model = new("--model")
    {
        Description = $"Network file that compare or train wrote; for --adapter, --gguf-adapter, --folder and --gguf a language model: {ModelResolver.Grammar}",
        Required = true,
        HelpName = "MODEL",
    };

    private static readonly Option<string?> s_onnx = new("--onnx") { Description = "The ONNX file", HelpName = "FILE" };
    private static readonly Option<string?> s_zip = new("--zip") { Description = "The file of an ML.NET model, for ml.Model.Load", HelpName = "FILE" };
    private static readonly Option<bool> s_int8 = new("--int8")
    {
        Description = "Store weights as int8, about a quarter of the size; name test data with --images or --text to see what it costs",
    };

    public static Command Create() => new Command("export", """
        Writes a saved network as an ONNX file, which runs anywhere without libtorch. Images go in as 'image' [N, 3, size, size], red first, 0 to 255;
        texts as 'input_ids' and 'attention_mask' [N, T]; out come 'probabilities' [N, classes]. Classes and preprocessing are in its metadata. The file
        is written only if ONNX Runtime finds what the network finds. Or writes it as an ML.NET model: column 'ImagePath' or 'Text' in, 'PredictedLabel' and 'Score'
        out. With labelled data, its test (a fifth of it, where it has none) measures the file. A tuned language model becomes an adapter, a folder of the hub's
        layout or a GGUF file, which is read back and asked before it is called written.

        Examples:
          transferlab export --model results/models/full.safetensors --onnx full.onnx
          transferlab export --model results/models/full.safetensors --onnx small.onnx --int8 --images flowers/
          transferlab export --model results/models/full.safetensors --zip model.zip --images flowers/
          transferlab export --model tuned/ --gguf-adapter tuned.gguf
          transferlab export --model small-world --gguf small-world.gguf
          transferlab export --model tuned/ --gguf whole.gguf --type q8_0 --chat test.jsonl
        """)
    {
        s_model, s_onnx, s_zip, s_int8,
    }.With(s_data.All).With(ExportLanguage.All).Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        (string? onnx, string? zip) = (arguments.GetValue(s_onnx), arguments.GetValue(s_zip));
        if (ExportLanguage.IsGiven(arguments))
        {
            _ = onnx is null && zip is null
                ? 0
                : throw new ArgumentException("--onnx and --zip are forms of networks that tell classes apart; a language model has others.");
            ExportLanguage.Run(arguments, arguments.GetRequiredValue(s_model), s_data.Root(arguments), cancellation);
            return;
        }

        bool isInt8 = arguments.GetValue(s_int8);
        if (onnx is null == zip is null || (zip is not null && isInt8))
        {
            throw new ArgumentException(
                "Name the file to write: --onnx FILE, with --int8 for small weights, or --zip FILE for ML.NET; --adapter, --gguf-adapter, --folder or --gguf "
                    + "for a language model.");
        }

        string source = arguments.GetRequiredValue(s_model);
        TrainedFile.Check("--model", source, "--onnx and --zip are forms of a network that compare or train wrote.");
        if (Path.GetExtension(source).Equals(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"--model {source}: is ONNX already; --onnx and --zip are made of the .safetensors file that compare or train wrote.");
        }

        Inputs inputs = new Inputs().Add("--model", source);
        if (s_data.Kind(arguments) is { } kind)
        {
            inputs.Add(kind == InputKind.Image ? "--images" : "--text", s_data.Locate(arguments, kind));
        }

        OutputFile.CheckModel(onnx is null ? "--zip" : "--onnx", onnx ?? zip!, inputs, onnx is null ? ".zip" : ".onnx");
        NeededPackages.EnsureLibTorch();
        using TrainedModel model = ModelFile.Load(source);
        OutputFile.CheckSpace(onnx is null ? "--zip" : "--onnx", onnx ?? zip!, sizeof(float) * model.Parameters);
        LabeledData? data = s_data.ForModel(model.Kind, arguments, cancellation);
        if (data is not null)
        {
            CheckClasses(model.Classes, data);
            Display.Warn(data.Warnings);
        }

        if (onnx is not { } path)
        {
            WriteZip(model, zip!, data, cancellation);
            return;
        }

        model.ExportOnnx(path, isInt8 ? OnnxPrecision.Int8 : OnnxPrecision.Float32);
        Console.Out.WriteLine($"{model.Kind} model of {model.Classes.Count} classes: {path}");
        if (isInt8)
        {
            string whole = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
            try
            {
                model.ExportOnnx(whole);
                Report(whole, path, data, cancellation);
            }
            finally
            {
                File.Delete(whole);
            }
        }
        else
        {
            Console.Out.WriteLine(Line("float32", path, data is null ? null : Measure(path, data, cancellation), data));
        }
    }

    // ML.NET resizes images in its own way, and the file makes up for that nearly but not wholly: every export says so, and with data at hand what it costs.
    private static void WriteZip(TrainedModel model, string path, LabeledData? data, CancellationToken cancellation)
    {
        PipelineFile.Write(model, path);
        Console.Out.WriteLine($"{model.Kind} model of {model.Classes.Count} classes: {path}");
        using TrainedModel written = ModelFile.Load(path);
        Predictions? before = data is null
            ? null
            : model.Predict(data.Test, null, cancellation), after = data is null
            ? null
            : written.Predict(data.Test, null, cancellation);
        if (before is not null)
        {
            Console.Out.WriteLine($"network             accuracy {Figures.Percent(Accuracy(before, data!.Test))} % of {Figures.Count(data!.Test.Count)}");
        }

        Console.Out.WriteLine(Line("ML.NET", path, after, data));
        SayDifference(before, after);
        if (model.Kind == InputKind.Image)
        {
            Console.Out.WriteLine("ML.NET's pixels of a picture differ from those in training by a few levels"
                + (data is null ? "; name test data with --images to see what that costs." : ", which the lines above measure."));
        }
    }

    private static void CheckClasses(IReadOnlyList<string> classes, LabeledData data)
    {
        if (!classes.SequenceEqual(data.Classes))
        {
            throw new DataException($"{data.Name}: its classes are not the model's; the model knows {string.Join(", ", classes)}.");
        }
    }

    private static void Report(string whole, string small, LabeledData? data, CancellationToken cancellation)
    {
        Predictions? before = data is null ? null : Measure(whole, data, cancellation), after = data is null ? null : Measure(small, data, cancellation);
        Console.Out.WriteLine(Line("float32", whole, before, data));
        Console.Out.WriteLine(Line("int8", small, after, data));
        SayDifference(before, after);
    }

    private static void SayDifference(Predictions? before, Predictions? after)
    {
        if (before is not null && after is not null)
        {
            int differ = before.Labels.Zip(after.Labels).Count(pair => pair.First != pair.Second);
            float largest =
                before.Probabilities.Zip(after.Probabilities).Max(rows => rows.First.Zip(rows.Second).Max(pair => Math.Abs(pair.First - pair.Second)));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"other labels: {differ:N0} of {before.Labels.Count:N0}; largest difference of a probability {largest:0.000}"));
        }
    }

    private static string Line(string name, string path, Predictions? predictions, LabeledData? data) =>
        $"{name,-8} {Figures.Bytes(new FileInfo(path).Length),8}"
            + (predictions is null ? "" : $"   accuracy {Figures.Percent(Accuracy(predictions, data!.Test))} % of {Figures.Count(data!.Test.Count)}");

    private static Predictions Measure(string path, LabeledData data, CancellationToken cancellation)
    {
        using OnnxModel model = OnnxTokenizer.Provide(OnnxModel.Load(path));
        return new(model.Predict([.. data.Test.Select(example => example.Source)], progress: null, cancellation));
    }

    private static double Accuracy(Predictions predictions, IReadOnlyList<Example> examples) =>
        predictions.Labels.Zip(examples).Count(pair => pair.First == pair.Second.Label) / (double)examples.Count;
}
