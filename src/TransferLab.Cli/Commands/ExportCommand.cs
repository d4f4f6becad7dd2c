using System.CommandLine;
using TransferLab.Models;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab export</c>: a saved network as ONNX.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "Network file that compare wrote", Required = true, HelpName = "FILE" };
    private static readonly Option<string> s_onnx = new("--onnx") { Description = "The ONNX file", Required = true, HelpName = "FILE" };

    public static Command Create() => new Command("export", """
        Writes a saved network as an ONNX file, which runs anywhere without libtorch. Images go in as 'image' [N, 3, size, size], red first, 0 to 255;
        texts as 'input_ids' and 'attention_mask' [N, T]; out come 'probabilities' [N, classes]. Classes and preprocessing are in its metadata.

        Example:
          transferlab export --model results/models/full.safetensors --onnx full.onnx
        """)
    {
        s_model, s_onnx,
    }.Does((arguments, _) =>
    {
        NeededPackages.EnsureLibTorch();
        using TrainedModel model = ModelFile.Load(arguments.GetRequiredValue(s_model));
        model.ExportOnnx(arguments.GetRequiredValue(s_onnx));
        Console.Out.WriteLine($"{model.Kind} model of {model.Classes.Count} classes: {arguments.GetRequiredValue(s_onnx)}");
    });
}
