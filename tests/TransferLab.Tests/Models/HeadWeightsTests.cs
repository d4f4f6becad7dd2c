using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

/// <summary>Training that continues from a saved network.</summary>
[Collection(TorchCollection.Name)]
public sealed class HeadWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_the_same_classes_are_kept_whatever_their_order_and_others_start_anew()
    {
        string path = Path.Combine(_folder.Path, "model.safetensors");
        Backbone backbone = SmallBackbone.CreateNamed();
        using TransferNetwork first = new(backbone.CreatePretrained(), 3, seed: 1);
        new NetworkModel(first, backbone.Encoder, backbone.Architecture, SmallBackbone.Compute) { Classes = ["a", "b", "c"] }.Save(path);
        using TransferNetwork second = new(backbone.CreatePretrained(), 3, seed: 2), untouched = new(backbone.CreatePretrained(), 3, seed: 2);

        HeadWeights.Read(path).Fill(second, ["c", "new", "a"]);

        Assert.Equal(Row(first, 2), Row(second, 0));
        Assert.Equal(Row(untouched, 1), Row(second, 1));
        Assert.Equal(Row(first, 0), Row(second, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_model_continues_from_where_it_was(bool headAlone)
    {
        using SmallTask task = new();
        string path = Path.Combine(_folder.Path, "model.safetensors");
        Phase still = new() { Trains = headAlone ? LayerSelector.Head : LayerSelector.Everything, LearningRate = 1e-9, HeadLearningRate = 1e-9, Epochs = 1 };
        TransferStrategy strategy = new() { Name = "still", Description = "", Phases = [still] };
        using FitResult first = new Learner(SmallBackbone.CreateNamed(), SmallBackbone.Compute, new()).Fit(TransferStrategy.Frozen(), task.Data.Train,
            task.Data.Classes, seed: 1);
        first.Model.Save(path);

        using FitResult second = new Learner(BackboneFile.Load(path), SmallBackbone.Compute, new()) { Head = HeadWeights.Read(path) }.Fit(strategy,
            task.Data.Train, task.Data.Classes, seed: 5);

        IReadOnlyList<float[]> before = first.Model.Predict(task.Data.Test).Probabilities, after = second.Model.Predict(task.Data.Test).Probabilities;
        Assert.InRange(before.SelectMany(row => row).Zip(after.SelectMany(row => row)).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-3f);
    }

    [Fact]
    public void A_file_without_a_head_is_refused()
    {
        string path = Path.Combine(_folder.Path, "model.safetensors");
        using FitResult fitted = new Learner(SmallBackbone.CreateNamed(), SmallBackbone.Compute, new()).Fit(ClassicalStrategy.Default(), Images(), ["a", "b"],
            seed: 1);
        fitted.Model.Save(path);
        Assert.Contains("continue from", Assert.Throws<WeightsException>(() => HeadWeights.Read(path)).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<TransferLab.Data.Example> Images()
    {
        using SmallTask task = new(classes: 2);
        return [.. task.Data.Train.Select((example, i) => example with { Source = Copy(example.Source, i) })];
    }

    private string Copy(string source, int i)
    {
        string target = Path.Combine(_folder.Path, $"{i}.png");
        File.Copy(source, target);
        return target;
    }

    private static float[] Row(TransferNetwork network, int label) =>
        [.. network.Classifier.Output.weight![label].data<float>().ToArray(), network.Classifier.Output.bias![label].item<float>()];
}
