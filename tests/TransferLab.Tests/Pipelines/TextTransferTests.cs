using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Pipelines;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Pipelines;

/// <summary>Texts through ML.NET's own interfaces.</summary>
[Collection(TorchCollection.Name)]
public sealed class TextTransferTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LabeledData _task = SmallText.Task();
    private readonly TemporaryFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Theory]
    [InlineData("frozen")]
    [InlineData("full")]
    public void A_saved_model_predicts_as_the_trained_network(string strategy)
    {
        string network = Path.Combine(_out.Path, "network.safetensors"), zip = Path.Combine(_out.Path, "model.zip");
        IDataView train = PipelineData.Texts(_ml, _task.Train, _task.Classes), test = PipelineData.Texts(_ml, _task.Test, _task.Classes);
        TextTransferOptions options = new()
        {
            Backbone = SmallText.Create(),
            Strategy = PipelineData.Short(strategy),
            Precision = "float32",
            NetworkFile = network,
        };
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.TextTransfer(options)).Fit(train);
        using TrainedModel trained = ModelFile.Load(network, SmallBackbone.Compute);
        Predictions expected = trained.Predict(_task.Test);

        _ml.Model.Save(model, train.Schema, zip);
        IDataView saved = new MLContext().Model.Load(zip, out _).Transform(test);

        Assert.InRange(PipelineData.Difference(expected.Probabilities, PipelineData.Scores(saved)), 0, 1e-4);
        Assert.Equal(expected.Labels.Select(label => (uint)label + 1), saved.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(_task.Classes, PipelineData.SlotNames(saved.Schema));
        Assert.Equal(_task.Classes, PipelineData.KeyValues(saved.Schema));
    }

    [Fact]
    public void Columns_of_other_names_stay_and_those_of_the_user_come_through()
    {
        IDataView rows =
            _ml.Data.LoadFromEnumerable(
                _task.Train.Select(example => new Ticket { Body = example.Source, Intent = _task.Classes[example.Label], Score = example.Label }).ToList());
        TextTransferOptions options = new()
        {
            Backbone = SmallText.Create(),
            TextColumnName = "Body",
            LabelColumnName = "Intent",
            PredictedLabelColumnName = "Guess",
            ScoreColumnName = "Probabilities",
        };
        IEstimator<ITransformer> pipeline =
            _ml.Transforms.Conversion.MapValueToKey("Intent").Append(_ml.MulticlassClassification.Trainers.TextTransfer(options));
        IDataView predicted = pipeline.Fit(rows).Transform(rows);

        Assert.Equal(_task.Train.Select(example => (float)example.Label), predicted.GetColumn<float>("Score"));
        Assert.Equal(_task.Classes, PipelineData.SlotNames(predicted.Schema, "Probabilities"));
        Assert.Null(predicted.Schema.GetColumnOrNull("PredictedLabel"));
        Assert.Equal(["Body", "Guess", "Intent", "Probabilities", "Score"], predicted.Schema.Where(column => !column.IsHidden).Select(column => column.Name)
            .Order(StringComparer.Ordinal));
        string[] promised = [.. pipeline.GetOutputSchema(PipelineData.Shape(rows)).Select(column => column.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["Body", "Guess", "Intent", "Probabilities", "Score"], promised);
        Assert.Equal(0.9, _ml.MulticlassClassification.Evaluate(predicted, "Intent", "Probabilities", "Guess").MicroAccuracy, 0.11);
    }

    [Fact]
    public void Labels_may_be_numbers_and_may_be_missing()
    {
        IDataView rows =
            _ml.Data.LoadFromEnumerable(
                _task.Train.Select((example, i) => new Numbered { Text = example.Source, Label = i == 0 ? float.NaN : 10 * example.Label }).ToList());
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.TextTransfer(new() { Backbone = SmallText.Create() })).Fit(rows);
        IDataView values = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(rows)).Transform(model.Transform(rows));
        Assert.Equal(["0", "10", "20"], PipelineData.SlotNames(values.Schema));
        Assert.All(values.GetColumn<float>("PredictedLabel"), label => Assert.Contains(label, new[] { 0f, 10, 20 }));
    }

    [Fact]
    public void Frozen_features_feed_any_trainer()
    {
        IDataView train = PipelineData.Texts(_ml, _task.Train, _task.Classes);
        IEstimator<ITransformer> features = _ml.Transforms.TextFeatures(SmallText.Create());
        var classifier = _ml.Transforms.Conversion.MapValueToKey("Label").Append(features).Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        string zip = Path.Combine(_out.Path, "features.zip");
        _ml.Model.Save(classifier.Fit(train), train.Schema, zip);

        IDataView predicted = new MLContext().Model.Load(zip, out _).Transform(train);
        Assert.Equal(16, ((VectorDataViewType)predicted.Schema["Features"].Type).Size);
        Assert.InRange(_ml.MulticlassClassification.Evaluate(predicted).MicroAccuracy, 0.5, 1);
        IDataView clusters = features.Append(_ml.Clustering.Trainers.KMeans(numberOfClusters: 2)).Fit(train).Transform(train);
        Assert.All(clusters.GetColumn<uint>("PredictedLabel"), cluster => Assert.InRange(cluster, 1u, 2u));
    }

    private sealed class Ticket
    {
        public string Body { get; set; } = "";

        public string Intent { get; set; } = "";

        public float Score { get; set; }
    }

    private sealed class Numbered
    {
        public string Text { get; set; } = "";

        public float Label { get; set; }
    }
}
