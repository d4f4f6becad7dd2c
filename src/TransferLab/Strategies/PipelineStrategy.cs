using System.Text.Json.Serialization;
using Microsoft.ML;

namespace TransferLab.Strategies;

/// <summary>
/// Any ML.NET pipeline as a row of the comparison: trained on the same examples, tested on the same test. Of one that uses pretrained weights set
/// <see cref="Strategy.Role"/> to <see cref="StrategyRole.Transfer"/>: any other is held against transfer like a baseline.
/// </summary>
/// <example><code>
/// PipelineStrategy trees = new()
/// {
///     Name = "trees", Description = "gradient boosted trees on n-grams", Kind = "text",
///     Pipeline = ml => ml.Transforms.Text.FeaturizeText("Features", "Text").Append(ml.MulticlassClassification.Trainers.LightGbm()),
/// };
/// </code></example>
public sealed record PipelineStrategy : Strategy
{
    /// <summary>What it reads: <c>image</c> or <c>text</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// Makes the pipeline, from the column <c>ImagePath</c> or <c>Text</c> and the key <c>Label</c> to the vector <c>Score</c>, as ML.NET's
    /// multiclass trainers leave it. The context carries the run's seed.
    /// </summary>
    [JsonIgnore] // A run is known by its strategy's name and description: a function cannot be told from another.
    public Func<MLContext, IEstimator<ITransformer>> Pipeline { get; init; } = _ =>
        throw new InvalidOperationException("A PipelineStrategy is nothing without its Pipeline; set it.");

    /// <summary>Parameters that training moves for every class; 0 where nobody counted.</summary>
    public int ParametersPerClass { get; init; }

    internal override bool UsesBackbone => false;
}
