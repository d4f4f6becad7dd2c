using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Benchmarks;

/// <summary>
/// A trained network against its saved ML.NET model, loaded anew, on every test example: the largest difference of a score, and how many labels
/// differ. For images also the accuracy with the library's own resizing in place of ML.NET's.
/// </summary>
internal static class RoundTrip
{
    private const double Tie = 1e-4;

    /// <param name="path">An image folder, or a file or folder of texts.</param>
    /// <param name="perClass">Training examples a class.</param>
    /// <param name="precision">The type that training computes in.</param>
    public static void Run(string path, int perClass, string precision)
    {
        bool isImage = Directory.Exists(path) && !Directory.EnumerateFiles(path).Any();
        LabeledData data = Split.Subsample(isImage ? ImageFolder.Read(path).Data : TextData.Read(path), perClass, seed: 1);
        Backbone backbone = isImage ? ResNet18.ImageNetAt(128) : MiniLM.English();
        MLContext ml = new(seed: 1);
        string column = isImage ? "ImagePath" : "Text";
        TransferOptions names = isImage ? new ImageTransferOptions() : new TextTransferOptions();
        Dictionary<string, int> numbers = data.Classes.Select((name, i) => (name, i)).ToDictionary(item => item.name, item => item.i);
        InputKind kind = isImage ? InputKind.Image : InputKind.Text;
        IDataView train = PipelineModel.Rows(ml, kind, data.Train, data.Classes), test = PipelineModel.Rows(ml, kind, data.Test, data.Classes);
        using LabeledRows trainRows = LabeledRows.Read(train, column, "Label", name => numbers[name], backbone, varied: true, default),
            testRows = LabeledRows.Read(test, column, "Label", name => numbers[name], backbone, varied: false, default);
        ComputeDevice compute = ComputeDevice.Choose(precision: precision);
        foreach (TransferStrategy strategy in (TransferStrategy[])[TransferStrategy.Frozen(), TransferStrategy.Full()])
        {
            using FitResult fitted = new Learner(trainRows.Backbone, compute, new FeatureCache()).Fit(strategy, trainRows.Examples, data.Classes, seed: 1);
            IReadOnlyList<float[]> trained = fitted.Model.Predict(testRows.Examples).Probabilities;
            ITransformer chain = PipelineSteps.Classifier(ml, train.Schema, fitted.Model, LabelNames.Of(data.Classes), names);
            using MemoryStream zip = new();
            ml.Model.Save(chain, train.Schema, zip);
            IDataView saved = new MLContext().Model.Load(zip, out _).Transform(test);
            float[][] scores = [.. saved.GetColumn<float[]>("Score")];
            uint[] labels = [.. saved.GetColumn<uint>("PredictedLabel")];
            float difference = trained.Zip(scores).Max(rows => rows.First.Zip(rows.Second).Max(pair => Math.Abs(pair.First - pair.Second)));
            int differing = labels.Where((label, i) => label - 1 != Array.IndexOf(trained[i], trained[i].Max()) && Margin(trained[i]) > Tie).Count();
            double accuracy = labels.Where((label, i) => label - 1 == data.Test[i].Label).Count() / (double)labels.Length;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{data.Name} {strategy.Name} ({compute.Precision}): largest difference of a score {difference:0.0e+0}, labels that differ {differing} of "
                    + $"{labels.Length}; accuracy {accuracy:0.000}, model.zip {zip.Length >> 20} MB"));
            if (isImage)
            {
                using FitResult own = new Learner(backbone, compute, new FeatureCache()).Fit(strategy, data.Train, data.Classes, seed: 1);
                IReadOnlyList<int> found = own.Model.Predict(data.Test).Labels;
                Console.WriteLine(
                    string.Create(CultureInfo.InvariantCulture,
                        $"    with the library's own resizing: accuracy "
                            + $"{found.Where((label, i) => label == data.Test[i].Label).Count() / (double)found.Count:0.000}"));
            }
        }
    }

    private static float Margin(float[] row)
    {
        float[] sorted = [.. row.OrderDescending()];
        return sorted[0] - sorted[1];
    }
}
