using SkiaSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Tests.Data;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

/// <summary>Three classes: red spots, blue spots and stripes, on noise.</summary>
public sealed class ClassicalTests : IDisposable
{
    private static readonly string[] s_classes = ["blue", "red", "striped"];
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Learns_drawn_shapes_and_colours()
    {
        using FitResult fitted = Train(Draw("train", 12));
        Example[] test = Draw("test", 8);

        Predictions predictions = fitted.Model.Predict(test);

        Assert.Equal(test.Select(example => example.Label), predictions.Labels);
        Assert.All(predictions.Probabilities, row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public void Tells_how_training_went()
    {
        List<TrainingProgress> told = [];
        using FitResult fitted = ClassicalTrainer.Fit(InputKind.Image, Draw("train", 5), s_classes, default, 3, new Collector(told), default);

        Assert.Equal(3 * (ClassicalImageFeatures.Width + 1), fitted.TrainableParameters);
        Assert.Equal(fitted.TrainableParameters, fitted.Model.Parameters);
        Assert.Equal("5-fold cross-validation, for the weight decay", fitted.Settings["validation"]);
        Assert.True(fitted.Time is { Reading: > 0, Features: > 0, Training: > 0 });
        Assert.All(fitted.Curve, point => Assert.True(point is { ValidationLoss: > 0, ValidationAccuracy: >= 0 and <= 1 }
            && point.Seconds <= fitted.Time.Total));
        Assert.Equal(fitted.Curve, told.Where(progress => progress.Point is not null).Select(progress => progress.Point));
        Assert.Equal(1, told.Last(progress => progress.Stage == "features").Share);
    }

    [Fact]
    public void The_same_seed_gives_identical_probabilities()
    {
        Example[] train = Draw("train", 6), test = Draw("test", 3);
        using FitResult first = Train(train), second = Train(train);

        Assert.Equal(first.Model.Predict(test).Probabilities, second.Model.Predict(test).Probabilities);
        Assert.Equal(first.Curve.Select(point => point.ValidationLoss), second.Curve.Select(point => point.ValidationLoss));
    }

    [Fact]
    public void A_saved_model_predicts_exactly_as_the_trained_one()
    {
        LibTorch.Load();
        Example[] test = Draw("test", 3);
        using FitResult fitted = Train(Draw("train", 6));
        string path = Path.Combine(_images.Folder, "classical.safetensors");

        fitted.Model.Save(path);
        using TrainedModel loaded = ModelFile.Load(path);

        Assert.IsType<ClassicalModel>(loaded);
        Assert.Equal(s_classes, loaded.Classes);
        Assert.Equal(fitted.Model.Parameters, loaded.Parameters);
        Assert.Equal(fitted.Model.Predict(test).Probabilities, loaded.Predict(test).Probabilities);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        LibTorch.Load();
        using FitResult fitted = Train(Draw("train", 4));
        string path = Path.Combine(_images.Folder, "classical.safetensors");
        fitted.Model.Save(path);
        byte[] whole = File.ReadAllBytes(path);

        File.WriteAllBytes(path, whole[..^4]);
        Assert.Throws<WeightsException>(() => ModelFile.Load(path));

        byte[] notANumber = [.. whole[..^4], .. BitConverter.GetBytes(float.NaN)];
        File.WriteAllBytes(path, notANumber);
        Assert.Contains("no finite numbers", Assert.Throws<WeightsException>(() => ModelFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weight", 2, 3, "'weight' is F32 [2, 3]")]
    [InlineData("other", 2, 3, "no tensors other")]
    public void Tensors_that_are_not_the_models_are_refused(string name, int rows, int columns, string message)
    {
        LibTorch.Load();
        string path = Path.Combine(_images.Folder, "other.safetensors");
        using TorchSharp.torch.Tensor tensor = TorchSharp.torch.zeros(rows, columns);
        SafetensorsWriter.Write(path, [(name, tensor)], new Dictionary<string, string>
        {
            [ModelFile.FormatKey] = ModelFile.ClassicalFormat,
            [ModelFile.ClassesKey] = """["a","b"]""",
        });

        Assert.Contains(message, Assert.Throws<WeightsException>(() => ModelFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_examples_is_improbable()
    {
        Example[] train = [.. Draw("train", 5).Where(example => example.Label != 1)];
        using FitResult fitted = Train(train);

        Assert.All(fitted.Model.Predict(train).Probabilities, row => Assert.InRange(row[1], 0, 0.2f));
    }

    [Fact]
    public void Two_images_are_enough_and_one_is_not()
    {
        Example[] train = Draw("train", 1);
        using FitResult fitted = Train(train[..2]);

        Assert.Equal(2, fitted.Model.Predict(train[..2]).Labels.Count);
        Assert.Throws<ArgumentException>(() => Train(train[..1]));
    }

    [Fact]
    public void An_unreadable_image_is_named_as_such()
    {
        Example[] train = [.. Draw("train", 2), new("broken", _images.Save("broken.png", [1, 2, 3]), 0)];
        Assert.Throws<UnreadableImageException>(() => Train(train));
    }

    [Fact]
    public void Cancellation_stops_it_during_features_and_between_fits()
    {
        Example[] train = Draw("train", 4);
        Assert.ThrowsAny<OperationCanceledException>(() => ClassicalTrainer.Fit(InputKind.Image, train, s_classes, default, 0, null, new(canceled: true)));

        using CancellationTokenSource source = new();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            ClassicalTrainer.Fit(InputKind.Image, train, s_classes, default, 0, new CancelAtPoint(source), source.Token));
    }

    private static FitResult Train(Example[] train) => ClassicalTrainer.Fit(InputKind.Image, train, s_classes, default, seed: 7, progress: null, default);

    private Example[] Draw(string split, int perClass) => [.. Enumerable.Range(0, perClass * 3).Select(i =>
    {
        Random random = new(i + (split == "test" ? 1000 : 0));
        int label = i % 3, x0 = random.Next(15, 33), y0 = random.Next(15, 33);
        using SKBitmap bitmap = TestImages.Draw(48, 48, (x, y) =>
        {
            byte noise = (byte)random.Next(100, 140);
            bool isMarked = label == 2 ? (x + y + x0) % 12 < 6 : ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) < 120;
            return isMarked ? new(label == 0 ? (byte)30 : (byte)220, noise, label == 1 ? (byte)30 : (byte)220) : new(noise, noise, noise);
        });
        string name = $"{split}/{i}.png";
        return new Example(name, _images.Save(name, bitmap), label);
    })];

    private sealed class Collector(List<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told.Add(value);
    }

    private sealed class CancelAtPoint(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Point is not null)
            {
                source.Cancel();
            }
        }
    }
}
