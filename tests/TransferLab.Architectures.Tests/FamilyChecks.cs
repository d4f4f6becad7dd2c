using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Prediction;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>What every family goes through, of images and of texts.</summary>
internal static class FamilyChecks
{
    /// <summary>Trains a backbone by each strategy for an epoch; its file, its ONNX export and its int8 form predict the same.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="data">Trained on, and predicted.</param>
    /// <param name="folder">Where models are written.</param>
    /// <param name="strategies">The strategies.</param>
    /// <param name="provide">Gives an exported model what it needs; null for nothing.</param>
    public static void TrainsSavesAndExports(Backbone backbone, LabeledData data, string folder, IReadOnlyList<TransferStrategy> strategies, Func<OnnxModel,
        OnnxModel>? provide = null)
    {
        foreach (TransferStrategy strategy in strategies)
        {
            using FitResult fitted = new Learner(backbone, new(CPU, ScalarType.Float32), new()).Fit(
                strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 1 })] }, data.Train, data.Classes, seed: 1);
            string onnx = Path.Combine(folder, "model.onnx"), small = Path.Combine(folder, "int8.onnx"), pipeline = Path.Combine(folder, "model.zip");
            IReadOnlyList<float[]> expected = Saves(backbone, fitted.Model, data, folder);
            fitted.Model.ExportOnnx(onnx);
            fitted.Model.ExportOnnx(small, OnnxPrecision.Int8);
            string[] sources = [.. data.Test.Select(example => example.Source)];
            provide ??= model => model;
            using OnnxModel exported = provide(OnnxModel.Load(onnx)), quantized = provide(OnnxModel.Load(small));
            Assert.InRange(Worst(expected, exported.Predict(sources)), 0, 1e-4f);
            Assert.InRange(Worst(expected, quantized.Predict(sources)), 0, 0.1f);
            if (strategy == strategies[0])
            {
                PipelineFile.Write(fitted.Model, pipeline); // ML.NET resizes images a little differently.
                using TrainedModel piped = ModelFile.Load(pipeline);
                Assert.InRange(Worst(expected, piped.Predict(data.Test).Probabilities), 0, backbone.Encoder.Kind == InputKind.Image ? 0.02f : 1e-4f);
            }
        }
    }

    /// <summary>
    /// Trains a backbone by a strategy for two steps a phase, or as it is solved; its file predicts the same. A strategy that does not suit is refused.
    /// </summary>
    /// <returns>The refusal; null for none.</returns>
    public static string? TrainsAndSaves(Backbone backbone, Strategy strategy, LabeledData data, string folder)
    {
        int half = (data.Train.Count + 1) / 2;
        Strategy shortened = strategy is not TransferStrategy transfer ? strategy : transfer with
        {
            Phases = [.. transfer.Phases.Select(phase => phase.Solver == Solver.Lbfgs ? phase : phase with { Epochs = 1, BatchSize = half })],
        };
        try
        {
            using FitResult fitted = new Learner(backbone, new(CPU, ScalarType.Float32), new()).Fit(shortened, data.Train, data.Classes, seed: 1);
            Assert.All(Saves(backbone, fitted.Model, data, folder), row => Assert.InRange(row.Sum(), 0.999f, 1.001f));
            return null;
        }
        catch (ArgumentException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            return e.Message;
        }
    }

    /// <summary>A model and what is loaded from its file predict the same.</summary>
    private static IReadOnlyList<float[]> Saves(Backbone backbone, TrainedModel model, LabeledData data, string folder)
    {
        IReadOnlyList<float[]> expected = model.Predict(data.Test).Probabilities;
        string file = Path.Combine(folder, "model" + model.FileExtension);
        model.Save(file);
        using TrainedModel loaded = ModelFile.Load(file);
        Assert.Equal(model.Encoder is null ? null : backbone.Encoder.Key, loaded.Encoder?.Key);
        Assert.InRange(Worst(expected, loaded.Predict(data.Test).Probabilities), 0, 1e-6f); // Where in memory the weights lie may decide the order of a sum.
        return expected;
    }

    private static float Worst(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> found) =>
        expected.SelectMany(row => row).Zip(found.SelectMany(row => row)).Max(pair => Math.Abs(pair.First - pair.Second));
}
