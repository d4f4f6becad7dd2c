using System.CommandLine;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Prediction;
using TransferLab.Reporting;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab export</c>: a saved network as ONNX, and what int8 costs.</summary>
internal static class ExportCommand
{
    private static readonly DataSource s_data = new();
    private static readonly Option<string> s_model = new("--model") { Description = "Network file that compare or train wrote", Required = true, HelpName = "FILE" };
    private static readonly Option<string> s_onnx = new("--onnx") { Description = "The ONNX file", Required = true, HelpName = "FILE" };
    private static readonly Option<bool> s_int8 = new("--int8") { Description = "Store weights as int8, about a quarter of the size; name test data with --images or --text to see what it costs" };

    public static Command Create()
    {
        Command command = new("export", """
            Writes a saved network as an ONNX file, which runs anywhere without libtorch. Images go in as 'image' [N, 3, size, size], red first, 0 to 255;
            texts as 'input_ids' and 'attention_mask' [N, T]; out come 'probabilities' [N, classes]. Classes and preprocessing are in its metadata. The file
            is written only if ONNX Runtime finds what the network finds. With labelled data, its test (all of it, where there is none) measures the file.

            Examples:
              transferlab export --model results/models/full.safetensors --onnx full.onnx
              transferlab export --model results/models/full.safetensors --onnx small.onnx --int8 --images flowers/
            """)
        {
            s_model, s_onnx, s_int8,
        };
        foreach (Option option in s_data.Options)
        {
            command.Add(option);
        }

        return command.Does(Run);
    }

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(s_onnx);
        bool isInt8 = arguments.GetValue(s_int8);
        NeededPackages.EnsureLibTorch();
        using TrainedModel model = ModelFile.Load(arguments.GetRequiredValue(s_model));
        LabeledData? data = s_data.ForModel(model.Kind, arguments, cancellation);
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

    private static void Report(string whole, string small, LabeledData? data, CancellationToken cancellation)
    {
        Predictions? before = data is null ? null : Measure(whole, data, cancellation), after = data is null ? null : Measure(small, data, cancellation);
        Console.Out.WriteLine(Line("float32", whole, before, data));
        Console.Out.WriteLine(Line("int8", small, after, data));
        if (before is not null && after is not null)
        {
            int differ = before.Labels.Zip(after.Labels).Count(pair => pair.First != pair.Second);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"other labels: {differ:N0} of {before.Labels.Count:N0}"));
        }
    }

    private static string Line(string name, string path, Predictions? predictions, LabeledData? data) =>
        $"{name,-8} {Figures.Bytes(new FileInfo(path).Length),8}" + (predictions is null ? "" : $"   accuracy {Figures.Percent(Accuracy(predictions, Examples(data!)))} % of {Figures.Count(Examples(data!).Count)}");

    private static Predictions Measure(string path, LabeledData data, CancellationToken cancellation)
    {
        using OnnxModel model = OnnxModel.Load(path);
        if (!model.Classes.SequenceEqual(data.Classes))
        {
            throw new DataException($"{data.Name}: its classes are not the model's; the model knows {string.Join(", ", model.Classes)}.");
        }

        return new(model.Predict([.. Examples(data).Select(example => example.Source)], progress: null, cancellation));
    }

    private static IReadOnlyList<Example> Examples(LabeledData data) => data.Test.Count > 0 ? data.Test : data.Train;

    private static double Accuracy(Predictions predictions, IReadOnlyList<Example> examples) =>
        predictions.Labels.Zip(examples).Count(pair => pair.First == pair.Second.Label) / (double)examples.Count;
}
