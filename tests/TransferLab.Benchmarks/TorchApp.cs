using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;

namespace TransferLab.Benchmarks;

/// <summary>An application that predicts with libtorch, for the figures that TransferLab.ImageApp and TransferLab.TextApp print without it.</summary>
internal static class TorchApp
{
    /// <param name="network">A network's .safetensors file.</param>
    /// <param name="repeat">How many predictions are timed.</param>
    /// <param name="input">Path of an image, or a text.</param>
    public static void Run(string network, int repeat, string input)
    {
        using TrainedModel model = ModelFile.Load(network);
        Example example = new(input, input, 0);
        Predictions first = model.Predict([example]);
        double milliseconds = Cost.MillisecondsSinceStart();
        Console.WriteLine(
            $"{model.Classes[first.Labels[0]]}\t{string.Join(' ', first.Probabilities[0].Select(score => score.ToString("R", CultureInfo.InvariantCulture)))}");
        Console.WriteLine(Cost.Describe(milliseconds, repeat, () => model.Predict([example]), count => model.Predict([.. Enumerable.Repeat(example, count)])));
    }
}
