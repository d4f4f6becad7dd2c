using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Pipelines;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Pipelines;

/// <summary>The shortest pipeline, with the default backbone; and ML.NET's own way with the same weights.</summary>
[Collection(TorchCollection.Name)]
public sealed class DesignSampleTests
{
    [Fact]
    public void The_default_backbone_is_that_of_the_package_beside_the_program()
    {
        using SmallTask task = new(classes: 2, train: 3, test: 1);
        var ml = new MLContext(seed: 1);
        IDataView train = ml.Data.LoadImageFolder(Path.Combine(task.Folder, "train"));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.ImageTransfer(new() { Strategy = TransferStrategy.Frozen() }));
        IDataView predicted = pipeline.Fit(train).Transform(train);
        Assert.Equal(6, predicted.GetColumn<uint>("PredictedLabel").Count());
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(predicted).MicroAccuracy, 0.35);
    }

    [Fact]
    public void Ml_net_s_own_featurizer_is_a_strategy()
    {
        Assert.Same(MLNetFrozen.Strategy, StrategyCatalog.Find("mlnet", MLNetFrozen.Strategy));
        using SmallTask task = new(classes: 2, train: 3, test: 1);
        using FeatureCache cache = new();
        using TransferLab.Learners.FitResult fitted = new TransferLab.Learners.Learner(SmallBackbone.Create(), SmallBackbone.Compute, cache)
            .Fit(MLNetFrozen.Strategy, task.Data.Train, task.Data.Classes, seed: 1);
        Assert.Equal(2 * 513, fitted.TrainableParameters);
        Assert.All(fitted.Model.Predict(task.Data.Test).Probabilities, row => Assert.Equal(1, row.Sum(), 1e-5));
        Example[] texts = [new("a", "a", 0), new("b", "b", 1)];
        Assert.Contains("mlnet",
            Assert.Throws<ArgumentException>(() => new TransferLab.Learners.Learner(SmallText.Create(), SmallBackbone.Compute, cache).Fit(MLNetFrozen.Strategy,
                texts, ["x", "y"], seed: 1)).Message, StringComparison.Ordinal);
    }
}
