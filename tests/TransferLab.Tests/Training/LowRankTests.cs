using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>What LoRA promises, on a small residual network and a small BERT.</summary>
[Collection(TorchCollection.Name)]
public sealed class LowRankTests
{
    private static readonly Phase s_phase = new() { Trains = LayerSelector.Everything, Lora = new(), LearningRate = 1e-2, FirstGroupRate = 1, Epochs = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frozen_weights_stay_bit_identical_until_merging_and_merging_changes_no_answer(bool texts)
    {
        using SmallTask? images = texts ? null : new();
        Backbone backbone = texts ? SmallText.Create() : SmallBackbone.Create();
        IReadOnlyList<Example> train = (images?.Data ?? SmallText.Task()).Train;
        using TransferNetwork network = new(backbone.CreatePretrained(), 3, seed: 1);
        Dictionary<string, byte[]> before = SmallBackbone.Bits(network.Backbone.Module);
        network.Adapt(s_phase, seed: 1);
        FreezePlan plan = FreezePlan.Apply(network, s_phase);
        PhaseInputs inputs = new(network, ClassificationTask.Of(3), plan.FrozenPrefix, backbone.Encoder, SmallBackbone.Compute, new());
        new GradientTraining(network, plan, s_phase, inputs, new(1, null, default)).Fit(EpochPlan.For(train, 2, 1));

        Assert.Equal(before, SmallBackbone.Bits(network.Backbone.Module));
        using DisposeScope scope = NewDisposeScope();
        Tensor adapted = Logits(network, backbone, train);
        network.Merge();
        Tensor merged = Logits(network, backbone, train);

        Assert.InRange(adapted.Minus(merged).abs().max().item<float>(), 0, 1e-5);
        Assert.DoesNotContain(network.State().Keys, name => name.StartsWith("lora.", StringComparison.Ordinal));
        Dictionary<string, byte[]> after = SmallBackbone.Bits(network.Backbone.Module);
        Assert.All(before, pair => Assert.True(pair.Value.SequenceEqual(after[pair.Key]) != IsAdapted(pair.Key), pair.Key));
    }

    [Fact]
    public void Trainable_parameters_are_those_of_the_thin_matrices_and_the_head()
    {
        using TrainingOutcome outcome = Fit(TransferStrategy.LowRank(new() { Rank = 2, Alpha = 2, Layers = ["query", "value"] }));

        Assert.Equal((2 * 2 * 2 * (16 + 16)) + (3 * 17), outcome.Plan.TrainableParameters); // Layers, projections, rank, both sides; the head.
        Assert.Equal(1, outcome.Plan.FrozenPrefix); // The embeddings have no such layer.
        Assert.Equal("rank 2, alpha 2, layers named query or value: 4 layers", outcome.Settings["adapters"]);
    }

    [Fact]
    public void Layers_of_a_network_of_one_s_own_are_adapted_too()
    {
        Backbone own = SmallText.Create() with
        {
            Build = () =>
            {
                TorchSharp.Modules.Sequential net = nn.Sequential(new EmbedAll(), nn.Linear(4, 8), nn.ReLU());
                return new(net, [new("all", net)], featureWidth: 8);
            },
        };
        using TransferNetwork network = new(own.CreatePretrained(), 3, seed: 1);
        network.Adapt(s_phase, seed: 1);
        using (no_grad())
        {
            Assert.All(network.Adapters!.Parameters(0), parameter => parameter.fill_(0.5f));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor adapted = Logits(network, own, SmallText.Task().Train);
        network.Merge();
        Tensor merged = Logits(network, own, SmallText.Task().Train);
        Assert.InRange(adapted.Minus(merged).abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void A_layer_that_is_not_there_is_named_and_so_are_those_that_are() =>
        Assert.Contains("encoder.layer.0.attention.self.query",
            Assert.Throws<ArgumentException>(() => Fit(TransferStrategy.LowRank(new() { Layers = ["conv"] }))).Message, StringComparison.Ordinal);

    private static TrainingOutcome Fit(TransferStrategy strategy) => new Trainer(SmallText.Create(), SmallBackbone.Compute, new()).Fit(
        strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 1 })] }, SmallText.Task().Train, 3, seed: 1);

    private static bool IsAdapted(string name) => name.EndsWith("weight", StringComparison.Ordinal)
        && !name.Contains("embeddings", StringComparison.Ordinal) && !name.Contains("bn", StringComparison.Ordinal)
        && !name.Contains("Norm", StringComparison.Ordinal) && !name.Contains("downsample.1", StringComparison.Ordinal);

    private static Tensor Logits(TransferNetwork network, Backbone backbone, IReadOnlyList<Example> examples)
    {
        using IDisposable noGradient = no_grad();
        network.Evaluate();
        using Tensor raw = backbone.Encoder.Encode(examples, null, default);
        return network.Logits(backbone.Encoder.Normalize(raw, CPU, ScalarType.Float32), 0);
    }

    /// <summary>Maps ids [N, T] to a vector of 4 numbers each.</summary>
    private sealed class EmbedAll() : nn.Module<Tensor, Tensor>(nameof(EmbedAll))
    {
        public override Tensor forward(Tensor ids) => ids.to(ScalarType.Float32).unsqueeze(2).expand(-1, -1, 4) * tensor(0.1f);
    }
}
