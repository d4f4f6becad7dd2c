using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Models;
using TransferLab.Pipelines;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Pipelines;

/// <summary>Images through ML.NET's own interfaces.</summary>
[Collection(TorchCollection.Name)]
public sealed class ImageTransferTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly SmallTask _task = new();
    private readonly TemporaryFolder _out = new();
    private readonly IDataView _train, _test;

    public ImageTransferTests()
    {
        _train = PipelineData.Images(_ml, _task.Data.Train, _task.Data.Classes);
        _test = PipelineData.Images(_ml, _task.Data.Test, _task.Data.Classes);
    }

    public void Dispose()
    {
        _task.Dispose();
        _out.Dispose();
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("full")]
    public void A_saved_model_predicts_as_the_trained_network(string strategy)
    {
        string network = Path.Combine(_out.Path, "network.safetensors"), zip = Path.Combine(_out.Path, "model.zip");
        ITransformer model =
            Fit(new() { Backbone = SmallBackbone.CreateNamed(), Strategy = PipelineData.Short(strategy), Precision = "float32", NetworkFile = network });
        using TrainedModel trained = ModelFile.Load(network, SmallBackbone.Compute);
        Predictions expected = trained.Predict(_task.Data.Test);

        _ml.Model.Save(model, _train.Schema, zip);
        IDataView saved = new MLContext().Model.Load(zip, out DataViewSchema schema).Transform(_test);

        Assert.Equal(["ImagePath", "Label"], schema.Select(column => column.Name));
        Assert.InRange(PipelineData.Difference(expected.Probabilities, PipelineData.Scores(saved)), 0, 1e-4);
        Assert.Equal(PipelineData.Scores(model.Transform(_test)), PipelineData.Scores(saved));
        Assert.Equal(expected.Labels.Select(label => (uint)label + 1), saved.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(_task.Data.Classes, PipelineData.SlotNames(saved.Schema));
        Assert.Equal(_task.Data.Classes, PipelineData.KeyValues(saved.Schema));
        Assert.DoesNotContain(saved.Schema, column => column.Name.StartsWith("TransferLab", StringComparison.Ordinal) && !column.IsHidden);
        (model as IDisposable)?.Dispose();
    }

    [Theory]
    [InlineData("knn")]
    [InlineData("frozen-mlnet")]
    [InlineData("frozen-lightgbm")]
    public void Strategies_without_a_head_of_the_network_are_trainers_too(string strategy)
    {
        string network = Path.Combine(_out.Path, "network.safetensors"), zip = Path.Combine(_out.Path, "model.zip");
        ITransformer model =
            Fit(new() { Backbone = SmallBackbone.CreateNamed(), Strategy = StrategyCatalog.Find(strategy), Precision = "float32", NetworkFile = network });
        using TrainedModel trained = ModelFile.Load(network, SmallBackbone.Compute);
        _ml.Model.Save(model, _train.Schema, zip);
        IDataView saved = new MLContext().Model.Load(zip, out _).Transform(_test);
        Assert.InRange(PipelineData.Difference(trained.Predict(_task.Data.Test).Probabilities, PipelineData.Scores(saved)), 0, 1e-3);
        Assert.Equal(_task.Data.Classes, PipelineData.SlotNames(saved.Schema));
        Assert.Equal(_task.Data.Classes, PipelineData.KeyValues(saved.Schema));
        Assert.Equal(["ImagePath", "Label", "PredictedLabel", "Score"], saved.Schema.Where(column => !column.IsHidden).Select(column => column.Name));
    }

    [Fact]
    public void A_strategy_whose_model_ml_net_cannot_save_is_refused_where_the_trainer_is_made()
    {
        ArgumentException error =
            Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.ImageTransfer(new() { Strategy = ClassicalStrategy.Default() }));
        Assert.Contains("'classical' leaves a model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_context_gives_the_seed_and_receives_the_log()
    {
        float[][] Scores(MLContext ml, int? seed = null)
        {
            ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(ml.MulticlassClassification.Trainers.ImageTransfer(
                    new() { Backbone = SmallBackbone.CreateNamed(), Strategy = PipelineData.Short("full"), Seed = seed })).Fit(_train);
            return PipelineData.Scores(model.Transform(_test));
        }

        List<string> log = [];
        MLContext told = new(seed: 7);
        told.Log += (_, message) =>
        {
            if (message.Source == "TransferLab" && message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Info)
            {
                log.Add(message.RawMessage);
            }
        };
        float[][] seven = Scores(told);
        Assert.Equal(seven, Scores(new(seed: 7)));
        Assert.NotEqual(seven, Scores(new(seed: 8)));
        Assert.Equal(Scores(new(), seed: 1), Scores(new()));
        Assert.Contains(log, line => line.StartsWith("full on ", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("full: trained in ", StringComparison.Ordinal));
    }

    [Fact]
    public void It_evaluates_and_cross_validates_as_any_trainer()
    {
        IDataView all = _ml.Data.LoadFromEnumerable(Rows().ToList());
        TransferEstimator trainer = _ml.MulticlassClassification.Trainers.ImageTransfer(SmallBackbone.CreateNamed(), TransferStrategy.Frozen());
        IEstimator<ITransformer> pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer);
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(all, testFraction: 0.3);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(pipeline.Fit(split.TrainSet).Transform(split.TestSet));
        Assert.InRange(metrics.MicroAccuracy, 0, 1);
        Assert.InRange(metrics.LogLoss, 0, 10);
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> folds =
            _ml.MulticlassClassification.CrossValidate(all, pipeline, numberOfFolds: 3);
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.Equal(3, fold.Metrics.PerClassLogLoss.Count));
    }

    [Fact]
    public void A_column_of_images_of_any_size_gives_what_paths_give()
    {
        using SmallTask large = new(size: 45);
        IDataView paths = PipelineData.Images(_ml, large.Data.Train, large.Data.Classes), test = PipelineData.Images(_ml, large.Data.Test, large.Data.Classes);
        ITransformer loading = _ml.Transforms.LoadImages("Image", imageFolder: null, "ImagePath").Fit(paths);
        ImageTransferOptions options = new() { Backbone = SmallBackbone.CreateNamed(), Precision = "float32" };
        float[][] fromPaths = PipelineData.Scores(Fit(options, paths).Transform(test));
        ITransformer model = Fit(options with { ImageColumnName = "Image" }, loading.Transform(paths));

        Assert.Equal(fromPaths, PipelineData.Scores(model.Transform(loading.Transform(test))));
        Assert.Equal(fromPaths,
            PipelineData.Scores(Fit(options with { ImageColumnName = "Image", Strategy = options.Strategy }, loading.Transform(paths))
                .Transform(loading.Transform(test))));
    }

    [Fact]
    public void Fine_tuning_varies_the_views_of_an_image_column_too()
    {
        IDataView images = _ml.Transforms.LoadImages("Image", imageFolder: null, "ImagePath").Fit(_train).Transform(_train);
        ITransformer model =
            Fit(new() { Backbone = SmallBackbone.CreateNamed(), Strategy = PipelineData.Short("full"), Precision = "float32", ImageColumnName = "Image" },
                images);
        Assert.All(PipelineData.Scores(model.Transform(images)), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public void Many_threads_share_one_model()
    {
        ITransformer model = Fit(new() { Backbone = SmallBackbone.CreateNamed(), Precision = "float32" });
        float[][] expected = PipelineData.Scores(model.Transform(_test));
        Parallel.For(0, 8, _ =>
        {
            // Not disposed: an engine disposes its model with itself.
            PredictionEngine<PipelineData.ImageRow, PipelineData.Prediction> engine = _ml.Model.CreatePredictionEngine<PipelineData.ImageRow,
                PipelineData.Prediction>(model);
            for (int i = 0; i < expected.Length; i++)
            {
                PipelineData.Prediction prediction = engine.Predict(new() { ImagePath = _task.Data.Test[i].Source });
                Assert.Equal(expected[i], prediction.Score);
                Assert.Equal(Array.IndexOf(expected[i], expected[i].Max()) + 1, (int)prediction.PredictedLabel);
            }
        });
    }

    [Fact]
    public void Training_reports_and_stops_when_told_to()
    {
        using CancellationTokenSource stop = new();
        List<string> stages = [];
        ImageTransferOptions options = new()
        {
            Backbone = SmallBackbone.CreateNamed(),
            Strategy = PipelineData.Short("full", epochs: 50),
            Precision = "float32",
            Cancellation = stop.Token,
            Progress = new Teller(progress =>
            {
                stages.Add(progress.Stage);
                stop.Cancel();
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(options));
        Assert.Contains("training", stages);
    }

    [Fact]
    public void A_folder_is_a_data_view_of_paths_and_labels()
    {
        IDataView rows = _ml.Data.LoadImageFolder(Path.Combine(_task.Folder, "train"));
        Assert.Equal(_task.Data.Train.Select(example => example.Source), rows.GetColumn<string>("ImagePath"));
        Assert.Equal(_task.Data.Train.Select(example => _task.Data.Classes[example.Label]), rows.GetColumn<string>("Label"));
        Assert.Contains($"name {Path.Combine(_task.Folder, "train")}",
            Assert.Throws<TransferLab.Data.DataException>(() => _ml.Data.LoadImageFolder(_task.Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<TransferLab.Data.DataException>(() =>
            _ml.Data.LoadImageFolder(Path.Combine(_task.Folder, "none"))).Message, StringComparison.Ordinal);
    }

    private ITransformer Fit(ImageTransferOptions options, IDataView? rows = null) =>
        _ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(_ml.MulticlassClassification.Trainers.ImageTransfer(options)).Fit(rows ?? _train);

    private IEnumerable<PipelineData.ImageRow> Rows() =>
        _task.Data.Train.Concat(_task.Data.Test).Select(example =>
            new PipelineData.ImageRow { ImagePath = example.Source, Label = _task.Data.Classes[example.Label] });

    private sealed class Teller(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
