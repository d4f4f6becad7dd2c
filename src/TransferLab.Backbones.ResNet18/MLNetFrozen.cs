using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Backbones;

/// <summary>
/// What ML.NET offers by itself for frozen features, as a row of the comparison: <c>DnnFeaturizeImage</c> with the same ResNet-18 weights, cached,
/// and <c>LbfgsMaximumEntropy</c>. One image at a time, at 224 px whatever the comparison's size.
/// </summary>
public static class MLNetFrozen
{
    private const int Features = 512;

    /// <summary>The strategy <c>mlnet</c>.</summary>
    public static PipelineStrategy Strategy { get; } = new()
    {
        Name = "mlnet",
        Description = "what ML.NET has: DnnFeaturizeImage with the same ResNet-18 weights, and LbfgsMaximumEntropy",
        Kind = InputKind.Image,
        Role = StrategyRole.Transfer,
        Pipeline = Pipeline,
        ParametersPerClass = Features + 1,
    };

    private static IEstimator<ITransformer> Pipeline(MLContext ml) => ml.Transforms.LoadImages("Image", imageFolder: null, "ImagePath")
        .Append(ml.Transforms.ResizeImages("Image", ResNet18.PretrainingSize, ResNet18.PretrainingSize, "Image", ImageResizingEstimator.ResizingKind.IsoCrop))
        .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
        .Append(ml.Transforms.DnnFeaturizeImage("Features", input => input.ModelSelector.ResNet18(ml, input.OutputColumn, input.InputColumn), "Pixels"))
        .AppendCacheCheckpoint(ml) // Every pass of the trainer would run the network again.
        .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
}
