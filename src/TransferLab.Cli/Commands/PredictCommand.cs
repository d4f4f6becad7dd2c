using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Prediction;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab predict</c>: a saved model on new images or texts. On an .onnx file libtorch is never touched.</summary>
internal static class PredictCommand
{
    private static readonly string[] s_textFiles = [".txt", ".csv", ".tsv", ".jsonl", ".ndjson"];
    private static readonly Option<string> s_model = new("--model")
    {
        Description = "Model file that compare, train or export wrote; .onnx starts fastest, and needs no libtorch",
        Required = true,
        HelpName = "FILE",
    };
    private static readonly Argument<string> s_input = new("INPUT")
    {
        Description = "An image or a folder of images; or a file of texts (.txt, .csv, .tsv, .jsonl), or a text itself",
    };
    private static readonly Option<string> s_textColumn = new("--text-column")
    {
        Description = "Column of the texts, in files that have columns",
        DefaultValueFactory = _ => "text",
        HelpName = "NAME",
    };
    private static readonly FieldOptions s_fields = new();
    private static readonly Option<bool> s_skip = new("--skip-unreadable") { Description = "Leave out images that cannot be read, instead of stopping" };
    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "CSV file for item, label (empty), predicted, score; the terminal where not given",
        HelpName = "FILE",
    };

    public static Command Create() => new Command("predict", """
        Labels new images or texts with a saved model. In the terminal a line holds the item, the label and its score with tabs between; a tab, line break or backslash in one of them
        is written as \t, \n or \\.

        Examples:
          transferlab predict --model results/models/full.onnx picture.jpg
          transferlab predict --model results/models/full.safetensors new-pictures/ --out labels.csv
          transferlab predict --model results/models/frozen.onnx "Where is my parcel?"
        """)
    {
        s_model, s_input, s_textColumn, s_skip, s_out,
    }.With(s_fields.All).Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string model = arguments.GetRequiredValue(s_model);
        if (arguments.GetValue(s_out) is { } target)
        {
            OutputFile.CheckTable("--out", target, new Inputs().Add("--model", model).Add("INPUT", arguments.GetRequiredValue(s_input)));
        }

        TrainedFile.Check("--model", model, "predict takes a file that compare, train or export wrote.");
        bool isOnnx = Path.GetExtension(model).Equals(".onnx", StringComparison.OrdinalIgnoreCase);
        (UnlabeledData data, Predictions predictions, IReadOnlyList<string> classes) = isOnnx
            ? RunOnnx(model, arguments, cancellation)
            : RunNative(model, arguments, cancellation);
        IReadOnlyList<Example> examples = data.Examples;
        foreach (string warning in data.Warnings)
        {
            Console.Error.WriteLine($"warning: {OptionNames.AsFlags(warning)}"); // Lines of predictions go on into other programs.
        }

        if (arguments.GetValue(s_out) is { } path)
        {
            PredictionFile.Write(path, examples, predictions, classes, labelled: false);
            Console.Out.WriteLine($"{examples.Count.ToString("N0", CultureInfo.InvariantCulture)} predictions: {path}");
            return;
        }

        for (int i = 0; i < examples.Count; i++)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Field(examples[i].Name)}\t{Field(classes[predictions.Labels[i]])}\t{predictions.Scores[i]:0.000}"));
        }
    }

    /// <summary>A field of a line: without what ends fields and lines.</summary>
    internal static string Field(string value) => value.AsSpan().ContainsAny("\t\r\n\\") ? string.Concat(value.Select(c => c switch
    {
        '\t' => "\\t",
        '\r' => "\\r",
        '\n' => "\\n",
        '\\' => "\\\\",
        _ => c.ToString(),
    })) : value;

    private static (UnlabeledData, Predictions, IReadOnlyList<string>) RunOnnx(string path, ParseResult arguments, CancellationToken cancellation)
    {
        bool isFolder = Directory.Exists(arguments.GetRequiredValue(s_input)); // Otherwise one image, or texts, whose networks have no convolutions.
        using OnnxModel model = OnnxTokenizer.Provide(OnnxModel.Load(path, quickStart: !isFolder));
        UnlabeledData data = Read(new(model.Kind), arguments, cancellation);
        return (data, new(model.Predict([.. data.Examples.Select(example => example.Source)], progress: null, cancellation)), model.Classes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // What it names is loaded with it.
    private static (UnlabeledData, Predictions, IReadOnlyList<string>) RunNative(string path, ParseResult arguments, CancellationToken cancellation)
    {
        NeededPackages.EnsureLibTorch();
        using TrainedModel model = ModelFile.Load(path);
        UnlabeledData data = Read(model.Kind, arguments, cancellation);
        return (data, model.Predict(data.Examples, progress: null, cancellation), model.Classes);
    }

    private static UnlabeledData Read(InputKind kind, ParseResult arguments, CancellationToken cancellation)
    {
        string input = arguments.GetRequiredValue(s_input);
        KindOptions.Check(arguments, kind);
        return kind == InputKind.Image
            ? ImageList.Read(input, arguments.GetValue(s_skip), cancellation)
            : Texts(input, s_fields.Of(arguments) with { TextColumn = arguments.GetRequiredValue(s_textColumn) });
    }

    /// <summary>The texts of a file, or the input itself where it does not look like a file's path.</summary>
    /// <exception cref="DataException">It does, and there is no such file; or the file cannot be read.</exception>
    internal static UnlabeledData Texts(string input, TextDataOptions options)
    {
        if (File.Exists(input))
        {
            return TextList.Read(input, options);
        }

        if (Directory.Exists(input))
        {
            throw new DataException($"{input} is a folder; name a file of texts in it.");
        }

        if (string.IsNullOrWhiteSpace(input))
        {
            throw new DataException("There is no text to predict: write one, or name a file of texts.");
        }

        if (!input.Contains(' ', StringComparison.Ordinal) || s_textFiles.Contains(Path.GetExtension(input), StringComparer.OrdinalIgnoreCase))
        {
            throw new DataException(
                $"{input}: there is no such file. A text of one word, or one that ends like the name of a file, is labelled from a .txt file, one a line.");
        }

        return new([new("text", input, 0)], []);
    }
}
