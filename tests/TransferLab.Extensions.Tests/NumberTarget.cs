using System.Globalization;
using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Extensions.Tests;

/// <summary>A number is predicted: a target of one's own.</summary>
public sealed record NumberTarget(float Value) : Target;

/// <summary>The task of predicting one number, in some unit.</summary>
public sealed record NumberTask(string Unit) : PredictionTask
{
    public static TaskFormat Format { get; } = new("number", metadata => new NumberTask(metadata["number.unit"]));

    public override string Name => "number";

    public override int Outputs => 1;

    public override string Metric => "negative absolute error";

    public override Tensor Targets(IReadOnlyList<Example> examples, Device device) =>
        tensor(examples.Select(example => ((NumberTarget)example.Target).Value).ToArray(), device: device);

    public override Tensor Predict(Tensor outputs) => outputs.detach().clone();

    public override double Score(IReadOnlyList<float> prediction, Example example) => -Math.Abs(prediction[0] - ((NumberTarget)example.Target).Value);

    public override void AddTo(IDictionary<string, string> metadata) => metadata["number.unit"] = Unit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"number, {Unit}");
}
