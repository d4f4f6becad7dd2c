using System.CommandLine;
using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab predict</c>: a saved model on new images.</summary>
internal static class PredictCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "Model file that compare wrote", Required = true, HelpName = "FILE" };
    private static readonly Argument<string> s_input = new("INPUT") { Description = "An image or a folder of images; or a file of texts (.txt, .csv, .tsv, .jsonl), or a text itself" };
    private static readonly Option<string> s_textColumn = new("--text-column") { Description = "Column of the texts, in files that have columns", DefaultValueFactory = _ => "text", HelpName = "NAME" };
    private static readonly Option<string?> s_out = new("--out") { Description = "CSV file for item, label (empty), predicted, score; the terminal where not given", HelpName = "FILE" };

    public static Command Create() => new Command("predict", """
        Labels new images or texts with a saved model.

        Examples:
          transferlab predict --model results/models/full.safetensors picture.jpg
          transferlab predict --model results/models/full.safetensors new-pictures/ --out labels.csv
          transferlab predict --model results/models/frozen.safetensors "Where is my parcel?"
        """)
    {
        s_model, s_input, s_textColumn, s_out,
    }.Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        NeededPackages.EnsureLibTorch();
        using TrainedModel model = ModelFile.Load(arguments.GetRequiredValue(s_model));
        string input = arguments.GetRequiredValue(s_input);
        IReadOnlyList<Example> examples = model.Kind == "image" ? ImageList.Read(input, cancellation)
            : File.Exists(input) || !input.Contains(' ', StringComparison.Ordinal) ? TextList.Read(input, arguments.GetRequiredValue(s_textColumn))
            : [new("text", input, 0)];
        Predictions predictions = model.Predict(examples, progress: null, cancellation);
        if (arguments.GetValue(s_out) is { } path)
        {
            PredictionFile.Write(path, examples, predictions, model.Classes, labelled: false);
            Console.Out.WriteLine($"{examples.Count.ToString("N0", CultureInfo.InvariantCulture)} predictions: {path}");
            return;
        }

        for (int i = 0; i < examples.Count; i++)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{examples[i].Name}\t{model.Classes[predictions.Labels[i]]}\t{predictions.Scores[i]:0.000}"));
        }
    }
}
