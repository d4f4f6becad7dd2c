using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>What a run's clock is told of features.</summary>
[Collection(TorchCollection.Name)]
public sealed class PhaseInputsTests
{
    [Fact]
    public void The_features_of_an_example_are_booked_once_whichever_epoch_reads_it_first()
    {
        Backbone backbone = SmallText.Create();
        IReadOnlyList<Example> examples = SmallText.Task().Train;
        using TransferNetwork network = new(backbone.CreatePretrained(), 3, seed: 1);
        using FeatureCache cache = new();
        network.Evaluate();
        int groups = network.Backbone.Groups.Count;
        new FeatureExtractor(network.Backbone, backbone.Encoder, SmallBackbone.Compute, cache).Extract(examples, groups, clock: null, progress: null, default);
        FeatureTable table = cache.Table(network.Backbone, groups, backbone.Encoder, ScalarType.Float32);
        double each = table.NetworkSeconds / table.Computed;
        PhaseInputs inputs = new(network, ClassificationTask.Of(3), groups, backbone.Encoder, SmallBackbone.Compute, cache);
        TrainingRun run = new(seed: 1, progress: null, default);
        double BookedAfter(params Example[] epoch)
        {
            Assert.Single(inputs.Read([(epoch, null)], run)); // Reads the batch.
            return run.Clock.Features / each;
        }

        Assert.True(each > 0);
        Assert.Equal(2, BookedAfter(examples[0], examples[1], examples[0]), 1e-6); // Drawn twice, as for balance.
        Assert.Equal(12, BookedAfter([.. examples]), 1e-6);
        Assert.Equal(12, BookedAfter([.. examples.Reverse()]), 1e-6);
    }
}
