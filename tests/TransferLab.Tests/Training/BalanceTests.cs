using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>Classes of different sizes.</summary>
[Collection(TorchCollection.Name)]
public sealed class BalanceTests
{
    private static readonly Example[] s_uneven =
        [.. Enumerable.Range(0, 20).Select(i => new Example($"{i}", $"my parcel is late{(i % 2 == 0 ? " please" : "")}", i < 16 ? 0 : i < 19 ? 1 : 2))];

    [Fact]
    public void Weights_make_every_class_count_the_same_and_average_to_one()
    {
        float[] weights = ClassWeights.Of(s_uneven, classes: 4);
        Assert.Equal([16 * weights[0], 16 * weights[0], 16 * weights[0], 1], new[] { 16 * weights[0], 3 * weights[1], weights[2], weights[3] }, (a, b) =>
            Math.Abs(a - b) < 1e-4);
        Assert.Equal(20, s_uneven.Sum(example => weights[example.Label]), 1e-4);
    }

    [Fact]
    public void Sampling_draws_every_class_equally_often_and_all_of_a_class_before_one_twice()
    {
        Example[] drawn = ClassWeights.Draw(s_uneven, new(1));
        Assert.Equal(20, drawn.Length);
        Assert.All(drawn.GroupBy(example => example.Label), group => Assert.InRange(group.Count(), 6, 7));
        Assert.Equal(3, drawn.Where(example => example.Label == 1).Distinct().Count());
        Assert.Equal(drawn.Count(example => example.Label == 0), drawn.Where(example => example.Label == 0).Distinct().Count());
    }

    [Fact]
    public void The_weighted_loss_is_the_mean_of_the_classes_means()
    {
        using TransferNetwork network = new(SmallText.Create().CreatePretrained(), 3, seed: 1);
        using DisposeScope scope = NewDisposeScope();
        Tensor features = randn(20, 16), labels = tensor(s_uneven.Select(example => (long)example.Label).ToArray());
        ObjectiveContext context = new(network, ClassificationTask.Of(3), FrozenPrefix: 3, StratumWeights: tensor(ClassWeights.Of(s_uneven, 3)));
        Tensor each = nn.functional.cross_entropy(network.Logits(features, 3), labels, reduction: nn.Reduction.None);
        float expected = Enumerable.Range(0, 3).Average(label => each[labels.eq(label)].mean().item<float>());
        Assert.Equal(expected, Objective.Classify.Loss(context, new Batch(features) { Targets = labels }).Mean.item<float>(), 1e-5);
    }

    [Fact]
    public void Smoothing_does_not_cancel_the_label_where_classes_weigh_differently()
    {
        using TransferNetwork network = new(SmallText.Create().CreatePretrained(), 2, seed: 1);
        using DisposeScope scope = NewDisposeScope();
        Tensor features = randn(2, 16), labels = tensor(new long[] { 0, 1 }), logits = network.Logits(features, 3);
        ObjectiveContext context = new(network, ClassificationTask.Of(2), FrozenPrefix: 3, LabelSmoothing: 0.1, StratumWeights: tensor(new float[] { 1, 20 }));
        float loss = Objective.Classify.Loss(context, new Batch(features) { Targets = labels }).Mean.item<float>();

        Tensor log = logits.log_softmax(1), smooth = tensor(new float[] { 0.95f, 0.05f, 0.05f, 0.95f }, [2, 2]);
        Tensor each = -(log * smooth).sum(new long[] { 1 });
        Assert.Equal((each[0].item<float>() + (20 * each[1].item<float>())) / 21, loss, 1e-5);
    }

    [Theory]
    [InlineData("frozen", Balance.Weights, "classes weigh the same in the loss")]
    [InlineData("frozen", Balance.Sampling, "classes weigh the same in the loss")]
    [InlineData("full", Balance.Weights, "classes weigh the same in the loss")]
    [InlineData("full", Balance.Sampling, "classes are drawn equally often")]
    public void Balancing_changes_what_is_learned_and_says_so(string name, Balance balance, string said)
    {
        TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
        strategy = strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 1 })] };
        using TrainingOutcome plain = Fit(strategy, Balance.None), balanced = Fit(strategy, balance);
        Assert.Equal(said, balanced.Settings["balance"]);
        Assert.NotEqual(SmallBackbone.Bits(plain.Network.State())["head.bias"], SmallBackbone.Bits(balanced.Network.State())["head.bias"]);
        if (name == "frozen") // Hardly anything tells the classes apart: the biases say how often each came.
        {
            using Tensor rare = plain.Network.Classifier.Output.bias!.softmax(0), even = balanced.Network.Classifier.Output.bias!.softmax(0);
            Assert.True(even[2].item<float>() > rare[2].item<float>());
        }
    }

    [Theory]
    [InlineData("classical", "classes weigh the same in the loss")]
    [InlineData("frozen-mlnet", "classes weigh the same in the loss")]
    public void Balancing_favours_the_rare_in_models_of_ML_NET_too(string name, string said)
    {
        float Rare(Balance balance)
        {
            Learner learner = new(SmallText.Create(), SmallBackbone.Compute, new(), new() { Balance = balance });
            using FitResult fitted = learner.Fit(StrategyCatalog.Find(name), s_uneven, ["common", "rare", "single"], seed: 1);
            Assert.Equal(balance == Balance.None ? null : said, fitted.Settings.GetValueOrDefault("balance"));
            return fitted.Model.Predict(s_uneven).Probabilities.Average(row => row[1]);
        }

        Assert.True(Rare(Balance.Weights) > Rare(Balance.None) + 0.02f);
    }

    [Theory]
    [InlineData(Balance.Weights)]
    [InlineData(Balance.Sampling)]
    public void Validation_counts_every_class_the_same_too(Balance balance)
    {
        Example[] many = [.. Enumerable.Range(0, 400).Select(i => s_uneven[i % 20] with { Name = $"{i:000}" })];
        TransferStrategy strategy = new() { Name = "head", Description = "", Phases = [new() { Trains = LayerSelector.Head, Epochs = 1 }] };
        using TrainingOutcome outcome = Fit(strategy, balance, many);

        IReadOnlyList<Example> held = EpochPlan.For(many, epochs: 1, Seeds.Mix(1, "validation")).HeldOut;
        NetworkModel model =
            new(outcome.Network, SmallText.Create().Encoder, architecture: null, SmallBackbone.Compute) { Classes = ["common", "rare", "single"] };
        double expected = held.Zip(model.Predict(held).Labels).GroupBy(pair => pair.First.Label)
            .Average(group => group.Average(pair => pair.First.Label == pair.Second ? 1.0 : 0));
        Assert.Equal(60, held.Count);
        Assert.Equal(expected, outcome.Curve[^1].ValidationAccuracy!.Value, 1e-4);
    }

    [Fact]
    public void Weighted_validation_of_n_grams_looks_at_the_right_classes()
    {
        Example[] separable =
            [.. Enumerable.Range(0, 40).Select(i => new Example($"{i}", i % 4 == 0 ? "the screen is broken" : "my parcel is late", i % 4 == 0 ? 1 : 0))];
        using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new(), new() { Balance = Balance.Weights })
            .Fit(ClassicalStrategy.Default(), separable, ["late", "broken"], seed: 1);

        Assert.Equal(1, fitted.Curve.Max(point => point.ValidationAccuracy)!.Value, 1e-6);
        Assert.InRange(fitted.Curve.Min(point => point.ValidationLoss)!.Value, 0, 0.5);
    }

    [Fact]
    public void Neighbours_vote_as_they_are_and_the_settings_say_so()
    {
        using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new(), new() { Balance = Balance.Weights }).Fit(KnnStrategy.Default(),
            s_uneven, ["common", "rare", "single"], seed: 1);
        Assert.Equal("none: neighbours vote as they are", fitted.Settings["balance"]);
    }

    private static TrainingOutcome Fit(TransferStrategy strategy, Balance balance, IReadOnlyList<Example>? train = null) =>
        new Trainer(SmallText.Create(), SmallBackbone.Compute, new(), new() { Balance = balance }).Fit(strategy, train ?? s_uneven, 3, seed: 1);
}
