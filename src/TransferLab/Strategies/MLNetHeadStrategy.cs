using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace TransferLab.Strategies;

/// <summary>Any of ML.NET's multiclass trainers on the features of the frozen backbone, which are brought to mean 0 and deviation 1 first.</summary>
/// <example>
/// <code>
/// new MLNetHeadStrategy { Name = "frozen-bayes", Description = "...", Trainer = (ml, _) => ml.MulticlassClassification.Trainers.NaiveBayes() }
/// </code>
/// </example>
public sealed record MLNetHeadStrategy : Strategy
{
    /// <summary>Column of the label, a key.</summary>
    public const string Label = "Label";

    /// <summary>Column of the features, a vector of float32.</summary>
    public const string Features = "Features";

    /// <summary>
    /// Makes the trainer, given the context and the column of example weights (null where all count the same). It learns <see cref="Label"/> from
    /// <see cref="Features"/> and gives the column <c>Score</c>: one value a class, which need not sum to 1.
    /// </summary>
    public required Func<MLContext, string?, IEstimator<ITransformer>> Trainer { get; init; }

    private protected override StrategyRole UsualRole => StrategyRole.Transfer;

    /// <summary>Gradient-boosted trees (Ke et al. 2017).</summary>
    public static MLNetHeadStrategy LightGbm() => new()
    {
        Name = "frozen-lightgbm",
        Description = "backbone frozen, LightGBM's boosted trees on its features",
        Trainer = (context, weights) => context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            LabelColumnName = Label,
            FeatureColumnName = Features,
            ExampleWeightColumnName = weights,
            MinimumExampleCountPerLeaf = 5, // Of few examples a class the default of 20 would make no tree at all.
            NumberOfIterations = 100,
            NumberOfThreads = 1, // Sums in a fixed order.
        }),
    };

    /// <summary>ML.NET's maximum entropy (multinomial logistic regression by L-BFGS) with its own defaults.</summary>
    public static MLNetHeadStrategy Lbfgs() => new()
    {
        Name = "frozen-mlnet",
        Description = "backbone frozen, ML.NET's L-BFGS maximum-entropy trainer on its features",
        Trainer = (context, weights) => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = Label,
            FeatureColumnName = Features,
            ExampleWeightColumnName = weights,
            NumberOfThreads = 1,
        }),
    };
}
