using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// A saved model in an application of its own: APP MODEL.zip [--repeat N] INPUT..., where an input is the path of an image, or a text.
// Prints a line for every input, label and scores, and at the end what it cost.
MLContext ml = new();
ITransformer model = ml.Model.Load(args[0], out _);
int repeat = args is [_, "--repeat", var times, ..] ? int.Parse(times, CultureInfo.InvariantCulture) : 0;
using PredictionEngine<Input, Output> engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
VBuffer<ReadOnlyMemory<char>> labels = default;
engine.OutputSchema["PredictedLabel"].GetKeyValues(ref labels);
string[] inputs = args[(repeat > 0 ? 3 : 1)..];
double? first = null;
foreach (string input in inputs)
{
    Output output = engine.Predict(new() { ImagePath = input, Text = input });
    first ??= Cost.MillisecondsSinceStart();
    Console.WriteLine(
        $"{labels.GetItemOrDefault((int)output.PredictedLabel - 1)}\t"
            + $"{string.Join(' ', output.Score.Select(score => score.ToString("R", CultureInfo.InvariantCulture)))}");
}

Input one = new() { ImagePath = inputs[0], Text = inputs[0] };
Console.WriteLine(Cost.Describe(first ?? 0, repeat, () => engine.Predict(one), count =>
    _ = model.Transform(ml.Data.LoadFromEnumerable(Enumerable.Repeat(one, count))).GetColumn<float[]>("Score").Count()));
return 0;

internal sealed class Input
{
    public string ImagePath { get; set; } = "";

    public string Text { get; set; } = "";

    public string Label { get; set; } = "";
}

internal sealed class Output
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
