using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks;

/// <summary>Several models over one backbone, on several threads at once.</summary>
[Collection(TorchCollection.Name)]
public sealed class SharedBackboneTests
{
    private const int Threads = 8;

    public SharedBackboneTests() => LibTorch.Load();

    [Fact]
    public void Two_adapters_and_the_bare_backbone_answer_as_each_alone()
    {
        Backbone backbone = SmallText.Create();
        using BackboneNetwork shared = backbone.CreatePretrained();
        TransferNetwork[] networks = [Adapted(shared, seed: 1), Adapted(shared, seed: 2), Adapted(shared, seed: null)];
        using Tensor raw = backbone.Encoder.Encode(SmallText.Task().Train, null, default);
        float[] Answer(TransferNetwork network)
        {
            using IDisposable noGradient = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return network.Logits(backbone.Encoder.Normalize(raw, CPU, ScalarType.Float32), 0).data<float>().ToArray();
        }

        float[][] alone = [.. networks.Select(Answer)];
        Assert.Equal(3, alone.Select(answer => answer[0]).Distinct().Count());
        Parallel.For(0, 10 * Threads, new() { MaxDegreeOfParallelism = Threads }, i => Assert.Equal(alone[i % 3], Answer(networks[i % 3])));

        networks[0].Discard(); // One goes, and the others stay as they were.
        Assert.Equal(alone[1], Answer(networks[1]));
        Assert.Equal(alone[2], Answer(networks[2]));
        networks[1].Discard();
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("knn")]
    public void A_frozen_model_answers_on_eight_threads_as_on_one(string strategy)
    {
        LabeledData task = SmallText.Task();
        using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(StrategyCatalog.Find(strategy), task.Train, task.Classes,
            seed: 1);
        IReadOnlyList<float[]> expected = fitted.Model.Predict(task.Test).Probabilities;
        Parallel.For(0, 4 * Threads, new() { MaxDegreeOfParallelism = Threads }, _ => Assert.Equal(expected, fitted.Model.Predict(task.Test).Probabilities));
    }

    private static TransferNetwork Adapted(BackboneNetwork shared, int? seed)
    {
        TransferNetwork network = new(shared, new Nothing(), new ClassificationHead(shared.FeatureWidth, 3, HeadShape.Linear, seed: 7));
        network.Evaluate();
        if (seed is { } given)
        {
            network.Adapt(new AdapterSet(shared, rank: 2, alpha: 4, _ => true, _ => true, given));
            using IDisposable noGradient = no_grad();
            foreach ((_, Tensor value) in network.Adapters!.State())
            {
                using Tensor made = tensor(Enumerable.Range(1, (int)value.numel()).Select(i => (float)Math.Sin(i * (given + 1))).ToArray(), value.shape);
                value.copy_(made);
            }
        }

        return network;
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
