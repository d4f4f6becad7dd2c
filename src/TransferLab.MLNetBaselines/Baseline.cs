using Microsoft.ML;
using TransferLab.Data;

namespace TransferLab.MLNetBaselines;

/// <summary>One of ML.NET's own trainers, as a row of a comparison.</summary>
/// <param name="Name">Name of the row.</param>
/// <param name="Description">What it does, in one sentence.</param>
/// <param name="Pipeline">From the columns Source (a path or a text) and Label (a key) to Score.</param>
internal sealed record Baseline(string Name, string Description, Func<MLContext, IEstimator<ITransformer>> Pipeline);

/// <summary>A row of ML.NET's data.</summary>
internal sealed class BaselineRow
{
    public string Source { get; set; } = "";

    public string Label { get; set; } = "";

    public static BaselineRow Of(Example example, IReadOnlyList<string> classes) => new() { Source = example.Source, Label = classes[example.Label] };
}

/// <summary>What a trained pipeline says of a row.</summary>
internal sealed class BaselineScore
{
    public float[] Score { get; set; } = [];
}
