using TransferLab.Comparison;

namespace TransferLab.Pipelines;

/// <summary>Strategies side by side, and the models that they left. Owns the models.</summary>
public sealed class TransferComparison : IDisposable
{
    internal TransferComparison(ComparisonResults results, IReadOnlyList<ComparedModel> models) => (Results, Models) = (results, models);

    /// <summary>Every figure: accuracies with intervals, paired differences, times, verdicts.</summary>
    public ComparisonResults Results { get; }

    /// <summary>The models of the first seed, in the order of the strategies; <c>classical</c> on images has none, for it is neither a network nor made of
    /// ML.NET's steps.</summary>
    public IReadOnlyList<ComparedModel> Models { get; }

    /// <summary>The most accurate of the models over all seeds; of equally accurate ones, that which trained fastest.</summary>
    /// <exception cref="InvalidOperationException">No strategy left a model.</exception>
    public ComparedModel Best => Models.OrderByDescending(model => model.Result.Accuracy.Value).ThenBy(model => model.Result.TrainSeconds).FirstOrDefault()
        ?? throw new InvalidOperationException(
            $"No strategy of {string.Join(", ", Results.Strategies.Select(strategy => strategy.Name))} leaves a model that ML.NET can save; compare one too "
                + $"that does, such as frozen.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ComparedModel model in Models)
        {
            model.Model.Dispose();
        }
    }
}
