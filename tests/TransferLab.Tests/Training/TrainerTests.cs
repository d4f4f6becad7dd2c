using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>What the trainer promises of any strategy, on a small residual network.</summary>
[Collection(TorchCollection.Name)]
public sealed class TrainerTests : IDisposable
{
    private static readonly Backbone s_backbone = SmallBackbone.Create();
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Frozen_leaves_every_backbone_weight_and_statistic_bit_identical()
    {
        using BackboneNetwork before = s_backbone.CreatePretrained();
        using TrainingOutcome outcome = Fit(TransferStrategy.Frozen());

        Assert.Equal(SmallBackbone.Bits(before.Module), SmallBackbone.Bits(outcome.Network.Backbone.Module));
        Assert.Equal(5, outcome.Plan.FrozenPrefix);
        Assert.Equal(3 * (64 + 1), outcome.Plan.TrainableParameters);
        Assert.Equal(Features(before), Features(outcome.Network.Backbone), (one, other) => Math.Abs(one - other) < 1e-5); // Normalisation is folded in there.
    }

    [Theory]
    [InlineData(Normalization.Fixed)]
    [InlineData(Normalization.Batch)]
    public void Frozen_groups_stay_bit_identical_and_trained_ones_move(Normalization normalization)
    {
        using BackboneNetwork before = s_backbone.CreatePretrained();
        using TrainingOutcome outcome = Fit(Phased(LayerSelector.Last(1), phase => phase with { Epochs = 2, Normalization = normalization }));

        for (int group = 0; group < 5; group++)
        {
            Dictionary<string, byte[]> old = Bits(before, group), now = Bits(outcome.Network.Backbone, group);
            foreach (string name in old.Keys)
            {
                bool isStatistic = name.Contains("running_", StringComparison.Ordinal);
                bool moves = group == 4 && (!isStatistic || normalization == Normalization.Batch)
                    && !name.EndsWith("num_batches_tracked", StringComparison.Ordinal);
                Assert.True(old[name].SequenceEqual(now[name]) != moves, $"group {group}, {name}: expected to {(moves ? "move" : "stay")}");
            }
        }
    }

    [Fact]
    public void Full_moves_every_parameter()
    {
        using BackboneNetwork before = s_backbone.CreatePretrained();
        using TrainingOutcome outcome = Fit(Phased(LayerSelector.Everything, phase => phase with { Epochs = 1, Augment = true }));

        Dictionary<string, byte[]> old = SmallBackbone.Bits(before.Module), now = SmallBackbone.Bits(outcome.Network.Backbone.Module);
        Assert.All(before.Module.named_parameters(), parameter => Assert.NotEqual(old[parameter.name], now[parameter.name]));
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("full")]
    [InlineData("scratch")]
    [InlineData("frozen-random")]
    public void The_same_seed_gives_the_same_weights_bit_for_bit_and_another_seed_others(string name)
    {
        TransferStrategy strategy = Short((TransferStrategy)StrategyCatalog.Find(name));
        using TrainingOutcome first = Fit(strategy, 1), again = Fit(strategy, 1), other = Fit(strategy, 2);

        Assert.Equal(SmallBackbone.Bits(first.Network.State()), SmallBackbone.Bits(again.Network.State()));
        Assert.Equal(first.Curve.Select(point => (point.TrainLoss, point.ValidationLoss)),
            again.Curve.Select(point => (point.TrainLoss, point.ValidationLoss)));
        if (name != "frozen") // Its problem is convex: the seed can only choose another weight decay.
        {
            Assert.NotEqual(SmallBackbone.Bits(first.Network.State())["head.weight"], SmallBackbone.Bits(other.Network.State())["head.weight"]);
        }
    }

    [Fact]
    public void Training_leaves_torch_s_generator_as_it_was()
    {
        using Tensor before = get_rng_state();
        Fit(Short(TransferStrategy.Full())).Dispose();
        using Tensor after = get_rng_state();

        Assert.True(before.bytes.SequenceEqual(after.bytes));
    }

    [Fact]
    public void Cached_outputs_of_any_frozen_prefix_equal_the_network_s_own()
    {
        using TransferNetwork network = new(s_backbone.CreatePretrained(), 3, seed: 1);
        network.Evaluate();
        IReadOnlyList<Example> examples = _task.Data.Test;
        FeatureCache cache = new();
        FeatureExtractor extractor = new(network.Backbone, s_backbone.Encoder, SmallBackbone.Compute, cache);
        for (int groups = 1; groups <= 5; groups++)
        {
            (LabeledFeatures computed, long[] shape) = extractor.Extract(examples, groups, null, null, default);
            int held = cache.Count;
            (LabeledFeatures kept, _) = extractor.Extract([.. examples.Reverse()], groups, null, null, default);

            Assert.Equal(held, cache.Count);
            Assert.Equal(computed.Rows.Reverse(), kept.Rows);
            using IDisposable noGradient = no_grad();
            using Tensor raw = s_backbone.Encoder.Encode(examples, null, default);
            using Batch inputs = s_backbone.Encoder.Normalize(raw, CPU, ScalarType.Float32);
            using Tensor direct = network.Prefix(inputs, groups).Values.contiguous();
            Assert.Equal(direct.shape[1..], shape);
            double most = direct.data<float>().ToArray().Zip(computed.Rows.SelectMany(row => row), (a, b) => Math.Abs((double)a - b)).Max();
            Assert.InRange(most, 0, 1e-4);
        }
    }

    [Fact]
    public void A_changed_weight_or_preprocessing_finds_nothing_in_the_cache()
    {
        using TransferNetwork network = new(s_backbone.CreatePretrained(), 3, seed: 1);
        network.Evaluate();
        FeatureCache cache = new();
        IReadOnlyList<Example> examples = _task.Data.Test;
        LabeledFeatures Extract(InputEncoder encoder) =>
            new FeatureExtractor(network.Backbone, encoder, SmallBackbone.Compute, cache).Extract(examples, 5, null, null, default).Features;
        LabeledFeatures first = Extract(s_backbone.Encoder);

        LabeledFeatures brighter = Extract(new ImageEncoder(32, new float[] { 100, 128, 128 }, deviation: 64));
        using (no_grad())
        {
            network.Backbone.Groups[4].Parameters.First().mul_(1.5f);
        }

        LabeledFeatures changed = Extract(s_backbone.Encoder);
        Assert.Equal(3 * examples.Count, cache.Count);
        Assert.NotEqual(first.Rows[0], brighter.Rows[0]);
        Assert.NotEqual(first.Rows[0], changed.Rows[0]);
    }

    [Fact]
    public void Live_tensors_and_memory_are_flat_over_epochs()
    {
        LiveTensors(); // What earlier tests left to the collector must not vanish in between.
        List<(long Tensors, long Bytes)> epochs = [];
        Recorder recorder = new(progress =>
        {
            if (progress.Point is not null)
            {
                epochs.Add((Tensor.TotalCount, Environment.WorkingSet));
            }
        });
        Fit(Phased(LayerSelector.Everything, phase => phase with { Epochs = 60, Augment = true }), progress: recorder).Dispose();

        Assert.Equal(60, epochs.Count);
        Assert.All(epochs.Skip(2), epoch => Assert.InRange(epoch.Tensors, 0, epochs[1].Tensors));
        Assert.InRange(epochs[^1].Bytes - epochs[2].Bytes, long.MinValue, 150L << 20);
    }

    [Theory]
    [InlineData("frozen", 1)]
    [InlineData("frozen", 3)]
    [InlineData("full", 1)]
    [InlineData("full", 3)]
    public void Cancelling_stops_and_leaves_nothing_behind(string name, int reports)
    {
        TransferStrategy strategy = Short((TransferStrategy)StrategyCatalog.Find(name));
        int parameters;
        using (TrainingOutcome finished = Fit(strategy))
        {
            parameters = finished.Network.Parameters.Count();
        }

        long before = LiveTensors();
        using CancellationTokenSource stop = new();
        Recorder recorder = new(_ =>
        {
            if (--reports == 0)
            {
                stop.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => Fit(strategy, progress: recorder, cancellation: stop.Token));
        Assert.True(reports <= 0);
        Assert.Equal(before + parameters, LiveTensors()); // TorchSharp counts a disposed Parameter once more: a test of its own below.
    }

    [Fact]
    public void TorchSharp_s_count_of_tensors_stays_one_up_for_every_parameter_that_was()
    {
        long before = LiveTensors();
        new TorchSharp.Modules.Parameter(zeros(1)).Dispose();
        Assert.Equal(before + 1, LiveTensors());
    }

    private static long LiveTensors()
    {
        for (int i = 0; i < 3; i++) // What a finalizer lets go of is collected in the next round.
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return Tensor.TotalCount;
    }

    [Fact]
    public void Rates_that_a_phase_does_not_name_come_from_the_backbone()
    {
        using TrainingOutcome tuned = Fit(Short(TransferStrategy.Full())), scratch = Fit(Short(TransferStrategy.Scratch()));
        using TrainingOutcome own = Fit(Phased(LayerSelector.Everything, phase => phase with { Epochs = 1, LearningRate = 2e-4, FirstGroupRate = 0.5 }));

        Assert.StartsWith("1E-05 (first group) to 0.001 (last)", tuned.Settings["learning rate"], StringComparison.Ordinal);
        Assert.StartsWith("0.001 (first group) to 0.001 (last)", scratch.Settings["learning rate"], StringComparison.Ordinal);
        Assert.StartsWith("0.0001 (first group) to 0.0002 (last)", own.Settings["learning rate"], StringComparison.Ordinal);
    }

    [Fact]
    public void BitFit_moves_biases_and_the_head_and_nothing_else()
    {
        using BackboneNetwork before = s_backbone.CreatePretrained();
        using TrainingOutcome outcome = Fit(Short(TransferStrategy.BitFit()));

        Dictionary<string, byte[]> old = SmallBackbone.Bits(before.Module), now = SmallBackbone.Bits(outcome.Network.Backbone.Module);
        Assert.All(old.Keys, name => Assert.True(old[name].SequenceEqual(now[name]) != name.EndsWith("bias", StringComparison.Ordinal), name));
        Assert.Equal(outcome.Plan.TrainableParameters, before.Module.named_parameters().Where(p => p.name.EndsWith("bias", StringComparison.Ordinal))
            .Sum(p => p.parameter.numel()) + (3 * 65));
    }

    [Fact]
    public void Gradual_unfreezing_spreads_the_epochs_of_full_over_its_phases()
    {
        TransferStrategy gradual = TransferStrategy.Gradual();
        Assert.Equal([0, 2, 3, 5], gradual.Phases.Select(phase => Enumerable.Range(0, 5).Count(group => phase.Trains.Includes(group, 5))));
        Assert.Equal(1, gradual.Phases.Skip(1).Sum(phase => phase.EpochShare));

        using TrainingOutcome outcome = Fit(gradual); // Of 25 epochs.
        Assert.Equal([.. Enumerable.Range(1, outcome.Curve.Count - 24), .. Enumerable.Range(1, 6), .. Enumerable.Range(1, 6), .. Enumerable.Range(1, 12)],
            outcome.Curve.Select(point => (int)point.Epoch));
    }

    [Fact]
    public void A_share_has_no_part_in_epochs_that_the_phase_names()
    {
        using TrainingOutcome outcome = Fit(Phased(LayerSelector.Head, phase => phase with { Epochs = 4, EpochShare = 0.5 }));
        Assert.Equal(4, outcome.Epochs);
    }

    [Fact]
    public void Lbfgs_on_trained_groups_or_varied_inputs_is_refused()
    {
        Assert.Contains("use adamw",
            Assert.Throws<ArgumentException>(() => Fit(Phased(LayerSelector.Last(1), phase => phase with { Solver = Solver.Lbfgs }))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Fit(Phased(LayerSelector.Head, phase => phase with { Solver = Solver.Lbfgs, Augment = true })));
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerSelector.Last(-1));
    }

    private static TransferStrategy Phased(LayerSelector trains, Func<Phase, Phase> change) =>
        new() { Name = "test", Description = "test", Phases = [change(new() { Trains = trains })] };

    private static TransferStrategy Short(TransferStrategy strategy) =>
        strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 2 })] };

    private TrainingOutcome Fit(
        TransferStrategy strategy, int seed = 1, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        new Trainer(s_backbone, SmallBackbone.Compute, new()).Fit(strategy, _task.Data.Train, 3, seed, progress, cancellation);

    private static Dictionary<string, byte[]> Bits(BackboneNetwork network, int group) =>
        SmallBackbone.Bits(
            network.Groups[group].Modules.SelectMany((module, i) => module.state_dict().Select(pair => KeyValuePair.Create($"{i}.{pair.Key}", pair.Value))));

    private float[] Features(BackboneNetwork network)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        network.Module.eval();
        Tensor raw = s_backbone.Encoder.Encode(_task.Data.Test, null, default);
        return network.Pool(network.Forward(s_backbone.Encoder.Normalize(raw, CPU, ScalarType.Float32), 0, 5)).data<float>().ToArray();
    }

    private sealed class Recorder(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
