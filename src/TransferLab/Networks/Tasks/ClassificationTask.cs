using TransferLab.Data;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>One of several classes is predicted.</summary>
/// <param name="Classes">Their names in label order, at least two.</param>
public sealed record ClassificationTask(IReadOnlyList<string> Classes) : PredictionTask
{
    /// <summary>The name of tasks of this kind.</summary>
    public const string Kind = "classification";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; } = Classes.Count >= 2 ? Classes
        : throw new ArgumentException($"A classification needs two classes or more, not {Classes.Count}.", nameof(Classes));

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override int Outputs => Classes.Count;

    /// <inheritdoc/>
    public override string Metric => "accuracy";

    /// <inheritdoc/>
    public override int Strata => Classes.Count;

    /// <summary>So many classes without names.</summary>
    public static ClassificationTask Of(int classes) =>
        new([.. Enumerable.Range(0, classes).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i}"))]);

    /// <inheritdoc/>
    /// <returns>[N] int64, indices of classes.</returns>
    public override Tensor Targets(IReadOnlyList<Example> examples, Device device) =>
        tensor(examples.Select(example => (long)example.Label).ToArray(), device: device);

    /// <inheritdoc/>
    /// <returns>[N, classes] probabilities.</returns>
    public override Tensor Predict(Tensor outputs) => outputs.softmax(1);

    /// <inheritdoc/>
    public override double Score(IReadOnlyList<float> prediction, Example example)
    {
        int best = 0;
        for (int i = 1; i < prediction.Count; i++)
        {
            best = prediction[i] > prediction[best] ? i : best;
        }

        return best == example.Label ? 1 : 0;
    }

    /// <inheritdoc/>
    public bool Equals(ClassificationTask? other) => other is not null && Classes.SequenceEqual(other.Classes);

    /// <inheritdoc/>
    public override int GetHashCode() => Classes.Aggregate(Outputs, HashCode.Combine);
}
