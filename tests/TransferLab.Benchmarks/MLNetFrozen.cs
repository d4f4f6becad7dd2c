using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Benchmarks;

/// <summary>The frozen strategy against ML.NET's own frozen way with the same weights: files to a trained model, two seeds, one process.</summary>
internal static class MLNetFrozen
{
    public static void Run(string folder)
    {
        LabeledData data = ImageFolder.Read(folder).Data;
        (double accuracy, double first) = TrainMLNet(data, seed: 1);
        (_, double second) = TrainMLNet(data, seed: 2);
        Backbone backbone = ResNet18.ImageNet;
        Learner learner = new(backbone, ComputeDevice.Choose(), new FeatureCache());
        (double ourAccuracy, double ourFirst) = TrainOurs(learner, data, seed: 1);
        (_, double ourSecond) = TrainOurs(learner, data, seed: 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ML.NET DnnFeaturizeImage + LbfgsMaximumEntropy: accuracy {accuracy:0.000}, {first:0.00} s, second seed {second:0.00} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"TransferLab frozen:                             accuracy {ourAccuracy:0.000}, {ourFirst:0.00} s, second seed {ourSecond:0.00} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"faster: {first / ourFirst:0.0} times at the first seed, {second / ourSecond:0.0} times at the second"));
    }

    private static (double Accuracy, double Seconds) TrainOurs(Learner learner, LabeledData data, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        using FitResult fitted = learner.Fit(TransferStrategy.Frozen(), data.Train, data.Classes, seed);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        IReadOnlyList<int> labels = fitted.Model.Predict(data.Test).Labels;
        return (labels.Where((label, i) => label == data.Test[i].Label).Count() / (double)data.Test.Count, seconds);
    }

    private static (double Accuracy, double Seconds) TrainMLNet(LabeledData data, int seed)
    {
        MLContext ml = new(seed);
        IDataView train = ml.Data.LoadFromEnumerable(data.Train.Select(example => new Row { Path = example.Source, Label = data.Classes[example.Label] }));
        IDataView test = ml.Data.LoadFromEnumerable(data.Test.Select(example => new Row { Path = example.Source, Label = data.Classes[example.Label] }));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", imageFolder: null, nameof(Row.Path)))
            .Append(ml.Transforms.ResizeImages("Image", ResNet18.PretrainingSize, ResNet18.PretrainingSize))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.Transforms.DnnFeaturizeImage("Features", m => m.ModelSelector.ResNet18(ml, m.OutputColumn, m.InputColumn), "Pixels"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        long start = Stopwatch.GetTimestamp();
        ITransformer model = pipeline.Fit(train);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy, seconds);
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";

        [ColumnName("Label")]
        public string Label { get; set; } = "";
    }
}
