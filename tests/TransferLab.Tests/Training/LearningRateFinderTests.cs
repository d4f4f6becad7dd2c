using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>The range test finds a rate and leaves no trace.</summary>
[Collection(TorchCollection.Name)]
public sealed class LearningRateFinderTests
{
    private static readonly Backbone s_backbone = SmallText.Create();
    private static readonly IReadOnlyList<Example> s_train = SmallText.Task().Train;

    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    [InlineData("frozen-mlp")]
    public void Network_modes_and_generator_are_as_before(string name)
    {
        TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
        using TransferNetwork network = new(s_backbone.CreatePretrained(), 3, seed: 1, strategy.Head.HiddenUnits);
        network.Evaluate();
        Dictionary<string, byte[]> before = SmallBackbone.Bits(network.State());
        using Tensor generator = get_rng_state();

        LearningRateSweep sweep = new LearningRateFinder(s_backbone, SmallBackbone.Compute).Find(network, strategy.Phases[0], s_train, seed: 1);

        Assert.Equal(before, SmallBackbone.Bits(network.State()));
        Assert.False(network.Classifier.Output.training || network.Backbone.Module.training);
        Assert.All(network.Parameters, parameter => Assert.True(parameter.requires_grad && parameter.grad is null));
        using Tensor after = get_rng_state();
        Assert.True(generator.bytes.SequenceEqual(after.bytes));
        Assert.InRange(sweep.Points.Count, 10, 60);
        Assert.Equal(sweep.Points.Select(point => point.Rate).Order(), sweep.Points.Select(point => point.Rate));
        Assert.InRange(sweep.Suggested, 1e-7, 0.1);
    }

    [Theory]
    [InlineData("frozen", false, false)]
    [InlineData("lora", false, false)]
    [InlineData("last-2", true, false)]
    [InlineData("full", true, true)]
    public void A_snapshot_copies_what_a_phase_moves_and_no_more(string name, bool some, bool all)
    {
        Phase phase = ((TransferStrategy)StrategyCatalog.Find(name)).Phases[0];
        using TransferNetwork network = new(s_backbone.CreatePretrained(), 3, seed: 1);
        using NetworkSnapshot snapshot = new(network);
        network.Adapt(phase, seed: 1);
        FreezePlan.Apply(network, phase);
        snapshot.KeepMoving();

        string[] body = [.. network.Backbone.Module.state_dict().Keys];
        Assert.Equal(["head.bias", "head.weight"], snapshot.Names.Except(body).Order());
        Assert.Equal((some, all), (body.Any(snapshot.Names.Contains), body.All(snapshot.Names.Contains)));
    }

    [Fact]
    public void Rates_differ_between_layers_as_in_training()
    {
        using TransferNetwork network = new(s_backbone.CreatePretrained(), 3, seed: 1);
        LearningRateFinder finder = new(s_backbone, SmallBackbone.Compute);
        IReadOnlyList<LearningRateSweep.Point> Sweep(Phase phase) => finder.Find(network, phase, s_train, seed: 1).Points;
        Phase plain = new() { Trains = LayerSelector.Everything };

        Assert.Equal(Sweep(plain with { FirstGroupRate = 0.25 }), Sweep(plain with { LayerDecay = 0.5 })); // Of three groups.
        Assert.NotEqual(Sweep(plain with { FirstGroupRate = 1 }), Sweep(plain with { LayerDecay = 0.5 }));
    }

    [Fact]
    public void The_loss_falls_before_the_rate_that_it_is_lowest_at_and_a_solver_without_rate_is_refused()
    {
        using TransferNetwork network = new(s_backbone.CreatePretrained(), 3, seed: 1);
        LearningRateFinder finder = new(s_backbone, SmallBackbone.Compute);
        LearningRateSweep sweep = finder.Find(network, new() { Trains = LayerSelector.Everything, FirstGroupRate = 1 }, s_train, seed: 1);
        Assert.True(sweep.Points.Min(point => point.Loss) < 0.9 * sweep.Points[0].Loss);
        Assert.Throws<ArgumentException>(() => finder.Find(network, TransferStrategy.Frozen().Phases[0], s_train, seed: 1));
    }
}
