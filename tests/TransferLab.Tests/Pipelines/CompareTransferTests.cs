using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Pipelines;

/// <summary>The comparison through ML.NET, as the design shows it.</summary>
[Collection(TorchCollection.Name)]
public sealed class CompareTransferTests : IDisposable
{
    private readonly SmallTask _task = new(train: 4, test: 3);
    private readonly TemporaryFolder _out = new();

    public void Dispose()
    {
        _task.Dispose();
        _out.Dispose();
    }

    [Fact]
    public void The_best_model_of_a_comparison_is_saved_and_loaded()
    {
        string file = Path.Combine(_out.Path, "model.zip");
        var ml = new MLContext(seed: 1);
        IDataView train = ml.Data.LoadImageFolder(Path.Combine(_task.Folder, "train")), test = ml.Data.LoadImageFolder(Path.Combine(_task.Folder, "test"));
        using var comparison = ml.MulticlassClassification.CompareTransfer(train, test, new()
        {
            Backbone = ResNet18.ImageNet,
            Strategies = [TransferStrategy.Frozen(), PipelineData.Short("full", epochs: 1), KnnStrategy.Default(), MLNetHeadStrategy.Lbfgs(),
                ClassicalStrategy.Default()],
            Seeds = 2,
        });
        ml.Model.Save(comparison.Best.Model, train.Schema, file);

        Assert.Equal(["frozen", "full", "knn", "frozen-mlnet"], comparison.Models.Select(model => model.Result.Name));
        Assert.Equal(5, comparison.Results.Strategies.Count);
        foreach (ComparedModel model in comparison.Models)
        {
            Assert.Equal(model.Result.Runs[0].Predicted.Select(label => (uint)label + 1), model.Model.Transform(test).GetColumn<uint>("PredictedLabel"));
        }

        Assert.Equal(comparison.Models.Max(model => model.Result.Accuracy.Value), comparison.Best.Result.Accuracy.Value);
        IDataView predicted = ml.Model.Load(file, out _).Transform(test);
        IReadOnlyList<int> tested = comparison.Best.Result.Runs[0].Predicted;
        Assert.Equal(tested.Select(label => (uint)label + 1), predicted.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(comparison.Results.Data.Classes, PipelineData.SlotNames(predicted.Schema));
    }

    [Fact]
    public void A_pipeline_of_ml_net_s_own_is_a_row_too_and_is_saved_as_a_model()
    {
        LabeledData texts = SmallText.Task();
        MLContext ml = new(seed: 1);
        PipelineStrategy own = new()
        {
            Name = "own",
            Description = "n-grams",
            Kind = "text",
            Pipeline = context =>
                context.Transforms.Text.FeaturizeText("Features", "Text").Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
        };
        using TransferComparison comparison = ml.MulticlassClassification.CompareTransfer(
            PipelineData.Texts(ml, texts.Train, texts.Classes), PipelineData.Texts(ml, texts.Test, texts.Classes),
            new() { Backbone = SmallText.Create(), Strategies = [TransferStrategy.Frozen(), own], OutputFolder = _out.Path });
        Assert.Equal(["frozen", "own"], comparison.Models.Select(model => model.Result.Name));
        string file = Path.Combine(_out.Path, "own.zip");
        IDataView test = PipelineData.Texts(ml, texts.Test, texts.Classes);
        ml.Model.Save(comparison.Models[1].Model, test.Schema, file);
        Assert.Equal(comparison.Results.Strategies[1].Runs[0].Predicted.Select(label => (uint)label + 1), ml.Model.Load(file, out _).Transform(test)
            .GetColumn<uint>("PredictedLabel"));
        using TransferLab.Models.TrainedModel loaded = TransferLab.Models.ModelFile.Load(Path.Combine(_out.Path, "models", "own.zip"));
        Assert.Equal("text", loaded.Kind);
        Assert.Equal(comparison.Results.Strategies[1].Runs[0].Predicted, loaded.Predict(texts.Test).Labels);
    }

    [Fact]
    public void A_label_that_training_does_not_know_is_named()
    {
        MLContext ml = new(seed: 1);
        LabeledData texts = SmallText.Task();
        IDataView train = PipelineData.Texts(ml, texts.Train, texts.Classes), test = PipelineData.Texts(ml, texts.Test, ["late", "broken", "coffee"]);
        DataException error =
            Assert.Throws<DataException>(() => ml.MulticlassClassification.CompareTransfer(train, test, new() { Backbone = SmallText.Create() }));
        Assert.Contains("'coffee' of the test data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_label_are_passed_over()
    {
        MLContext ml = new(seed: 1);
        LabeledData texts = SmallText.Task();
        IDataView train = PipelineData.Texts(ml, texts.Train, ["late", "broken", ""]), test = PipelineData.Texts(ml, texts.Test, ["late", "broken", ""]);
        ITransformer keys =
            ml.Transforms.Conversion.MapValueToKey("Label").Fit(PipelineData.Texts(ml, [.. texts.Train.Where(example => example.Label < 2)], texts.Classes));
        foreach ((IDataView first, IDataView second) in ((IDataView, IDataView)[])[(train, test), (keys.Transform(train), keys.Transform(test))])
        {
            using TransferComparison comparison =
                ml.MulticlassClassification.CompareTransfer(first, second, new() { Backbone = SmallText.Create(), Strategies = [TransferStrategy.Frozen()] });
            Assert.Equal(["broken", "late"], comparison.Results.Data.Classes.Order(StringComparer.Ordinal));
            Assert.Equal(texts.Test.Count(example => example.Label < 2), comparison.Results.Strategies[0].Runs[0].Predicted.Count);
        }
    }

    [Fact]
    public void Without_a_network_there_is_no_best_model()
    {
        using TransferComparison comparison = new(SampleResults.Make(["a", "b"], tests: 10, seeds: 1, ["classical"]), []);
        Assert.Contains("classical", Assert.Throws<InvalidOperationException>(() => comparison.Best).Message, StringComparison.Ordinal);
    }

    /// <summary>Stands for the backbone package of that name, with a network small enough for tests.</summary>
    private static class ResNet18
    {
        public static Backbone ImageNet => SmallBackbone.CreateNamed();
    }
}
