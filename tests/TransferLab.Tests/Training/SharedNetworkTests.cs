using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class SharedNetworkTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Frozen_models_share_one_network_and_outlive_the_cache()
    {
        FeatureCache cache = new();
        int built = 0;
        Backbone backbone = SmallBackbone.Create();
        Backbone counted = backbone with { LoadWeights = module => { built++; backbone.LoadWeights(module); } };
        Trainer trainer = new(counted, SmallBackbone.Compute, cache);
        using TrainingOutcome first = trainer.Fit(TransferStrategy.Frozen(), _task.Data.Train, 3, seed: 1);
        using TrainingOutcome second = trainer.Fit(TransferStrategy.Frozen(), _task.Data.Train, 3, seed: 2);
        cache.Dispose();
        first.Network.Dispose();

        Assert.Equal(1, built);
        Assert.Same(first.Network.Backbone, second.Network.Backbone);
        Assert.NotEmpty(SmallBackbone.Bits(second.Network.Backbone.Module));
    }

    [Fact]
    public void What_moves_the_backbone_has_a_network_of_its_own()
    {
        using FeatureCache cache = new();
        Trainer trainer = new(SmallBackbone.Create(), SmallBackbone.Compute, cache);
        using TrainingOutcome frozen = trainer.Fit(TransferStrategy.Frozen(), _task.Data.Train, 3, seed: 1);
        Dictionary<string, byte[]> before = SmallBackbone.Bits(frozen.Network.Backbone.Module);
        using TrainingOutcome probed =
            trainer.Fit(TransferStrategy.LpFt() with { Phases = [.. TransferStrategy.LpFt().Phases.Select(phase => phase with { Epochs = 1 })] },
                _task.Data.Train, 3, seed: 1);

        Assert.NotSame(frozen.Network.Backbone, probed.Network.Backbone);
        Assert.Equal(before, SmallBackbone.Bits(frozen.Network.Backbone.Module));
    }
}
