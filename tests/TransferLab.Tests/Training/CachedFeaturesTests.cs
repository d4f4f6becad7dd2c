using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>The gradient of a batch that passes in parts is that of the undivided batch.</summary>
[Collection(TorchCollection.Name)]
public sealed class CachedFeaturesTests
{
    [Theory]
    [InlineData("contrast")]
    [InlineData("cosine-contrast")]
    [InlineData("supervised-contrast")]
    public void Parts_have_the_gradient_of_the_whole_batch_with_their_dropout_put_together(string name)
    {
        FeatureObjective objective = (FeatureObjective)((Objective[])[Objective.Contrast, Objective.CosineContrast, Objective.SupervisedContrast]).Single(one =>
            one.Name == name);
        using DisposeScope scope = NewDisposeScope();
        using Fixture parts = new(objective), whole = new(objective);
        const int Rows = 7; // The last part is smaller.
        ObjectiveLoss cached = CachedFeatures.Backward(parts.Context, objective, parts.Batch, Rows, () => { });

        List<Tensor> features = []; // All graphs stay: the dropout of every part, one loss, one pass back.
        long count = whole.Batch.Values.shape[0];
        for (long first = 0; first < count; first += Rows)
        {
            long some = Math.Min(Rows, count - first);
            features.Add(whole.Context.Features(new(whole.Batch.Values.narrow(0, first, some), whole.Batch.Mask!.narrow(0, first, some))));
        }

        ObjectiveLoss undivided = objective.Loss(cat(features), whole.Batch.Targets);
        undivided.Mean.backward();

        Assert.Equal(undivided.Mean.item<float>(), cached.Mean.item<float>(), 1e-6);
        (float[] expected, float[] found) = (whole.Gradients(), parts.Gradients());
        Assert.True(expected.Max(Math.Abs) > 1e-3, "Nothing to compare.");
        Assert.InRange(expected.Zip(found, (one, other) => Math.Abs(one - other)).Max(), 0, 1e-5);
        Assert.True(whole.State().SequenceEqual(parts.State()), "The generator goes on elsewhere.");
        Assert.NotEqual(parts.State(), new Fixture(objective).State()); // Dropout was on.
    }

    [Fact]
    public void Only_batches_of_many_tokens_are_divided()
    {
        using DisposeScope scope = NewDisposeScope();
        using Fixture fixture = new((FeatureObjective)Objective.Contrast);
        Assert.Null(CachedFeatures.RowsAtOnce(fixture.Context, zeros([32, 32], ScalarType.Int64)));
        Assert.Equal(8, CachedFeatures.RowsAtOnce(fixture.Context, zeros([64, 128], ScalarType.Int64)));
        Assert.Equal(1, CachedFeatures.RowsAtOnce(fixture.Context, zeros([2, 4096], ScalarType.Int64)));
        Assert.Null(CachedFeatures.RowsAtOnce(fixture.Context with { FrozenPrefix = 3 }, zeros([64, 4096])));
        Assert.Null(CachedFeatures.RowsAtOnce(fixture.Context, zeros([64, 3, 64, 64])));
    }

    /// <summary>A network with dropout on, and a batch of all texts twice.</summary>
    private sealed class Fixture : IDisposable
    {
        private readonly TransferNetwork _network;
        private readonly Generator _random = new(5);

        public Fixture(FeatureObjective objective)
        {
            Backbone backbone = SmallText.Create();
            IReadOnlyList<Example> train = SmallText.Task().Train, twice = [.. train, .. train];
            _network = new(backbone.CreateRandom(seed: 3), 3, seed: 1) { Random = _random };
            FreezePlan.Apply(_network, new() { Trains = LayerSelector.Everything, Objective = objective });
            Batch = backbone.Encoder.Normalize(backbone.Encoder.Encode(twice, null, CancellationToken.None), CPU, ScalarType.Float32) with
            {
                Targets = tensor(twice.Select(example => (long)example.Label).ToArray()),
            };
            Context = new(_network, ClassificationTask.Of(3), FrozenPrefix: 0);
        }

        public Batch Batch { get; }

        public ObjectiveContext Context { get; }

        public float[] Gradients() => [.. _network.Backbone.Module.parameters().Where(parameter => parameter.grad is not null)
            .SelectMany(parameter => parameter.grad!.contiguous().data<float>().ToArray())];

        public byte[] State() => _random.get_state().data<byte>().ToArray();

        public void Dispose()
        {
            _network.Dispose();
            _random.Dispose();
        }
    }
}
