using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Tests.Training;

/// <summary>Training without labels, by the clock, and at rates that differ between layers.</summary>
[Collection(TorchCollection.Name)]
public sealed class ObjectiveTests
{
    private static readonly Backbone s_backbone = SmallText.Create();
    private static readonly IReadOnlyList<Example> s_train = SmallText.Task().Train;
    private static readonly TransferStrategy s_contrast = TransferStrategy.DomainAdaptive() with
    {
        Phases = [TransferStrategy.DomainAdaptive().Phases[0] with { Epochs = 20, EpochShare = 1, LearningRate = 1e-3 }],
    };

    [Fact]
    public void Contrast_learns_without_labels_and_leaves_the_head_alone()
    {
        using TrainingOutcome outcome = Fit(s_contrast, s_train),
            relabelled = Fit(s_contrast, [.. s_train.Select(example => example with { Label = 2 - example.Label })]);
        using TransferNetwork start = new(s_backbone.CreatePretrained(), 3, Seeds.Mix(1, "head"));

        Assert.Equal(SmallBackbone.Bits(outcome.Network.State()), SmallBackbone.Bits(relabelled.Network.State()));
        Assert.Equal(SmallBackbone.Bits(start.Classifier.Output), SmallBackbone.Bits(outcome.Network.Classifier.Output));
        Assert.True(outcome.Curve[^1].TrainLoss < 0.8 * outcome.Curve[0].TrainLoss, $"{outcome.Curve[0].TrainLoss} to {outcome.Curve[^1].TrainLoss}");
    }

    [Fact]
    public void Unlabeled_examples_are_those_that_are_given()
    {
        using TrainingOutcome outcome = new Trainer(s_backbone, SmallBackbone.Compute, new(), new() { Unlabeled = s_train }).Fit(s_contrast,
            [.. s_train.Take(3)], 3, seed: 1);
        Assert.Equal("12 training examples without their labels", outcome.Settings["unlabelled"]);
        Assert.Equal("domain-adaptive", StrategyCatalog.Find("domain-adaptive").Name);
    }

    [Fact]
    public void A_phase_without_labels_is_trained_once_for_all_trials_and_leaves_the_same_weights_and_time()
    {
        TransferStrategy strategy = TransferStrategy.DomainAdaptive(), trial = (TransferStrategy)strategy.Vary(new(1))!;
        IReadOnlyList<Example> fewer = [.. s_train.Skip(3)];
        using UnlabeledPhase shared = new();
        using TrainingOutcome alone = new Trainer(s_backbone, SmallBackbone.Compute, new(), new() { Unlabeled = s_train }).Fit(trial, fewer, 3, seed: 1);
        Trainer trainer = new(s_backbone, SmallBackbone.Compute, new(), new() { Unlabeled = s_train, Shared = shared });
        using TrainingOutcome first = trainer.Fit(strategy, s_train, 3, seed: 1);
        double once = shared.Seconds;
        List<CurvePoint> seen = [];
        using TrainingOutcome second =
            trainer.Fit(trial, fewer, 3, seed: 1, new ImmediateProgress<TrainingProgress>(p => seen.AddRange(p.Point is null ? [] : [p.Point])));

        Assert.Equal(SmallBackbone.Bits(alone.Network.State()), SmallBackbone.Bits(second.Network.State()));
        Assert.Equal(alone.Curve.Select(point => point.TrainLoss), second.Curve.Select(point => point.TrainLoss));
        Assert.Equal(second.Curve.Skip(second.Curve.Count - seen.Count), seen);
        Assert.True(seen.Count < second.Curve.Count, "The phase was trained again.");
        Assert.Equal(once, shared.Seconds);
        Assert.True(once > 0 && second.Time.Total >= once, $"{second.Time.Total} of {once}");
    }

    [Fact]
    public void A_budget_ends_training_by_the_clock_and_the_rate_with_it()
    {
        TransferStrategy strategy = TransferStrategy.LpFt();
        using TrainingOutcome outcome = new Trainer(s_backbone, SmallBackbone.Compute, new(), new() { Budget = 1.5 }).Fit(strategy, s_train, 3, seed: 1);
        Assert.InRange(outcome.Time.Total, 1.4, 20); // A step more, on however busy a machine.
        Assert.Equal("1.5 s", outcome.Settings["budget"]);
        Assert.Contains("by the clock", outcome.Settings["validation"], StringComparison.Ordinal);

        LearningRateSchedule schedule = new(Schedule.Cosine, Steps: 1, WarmUp: 0.2);
        double[] rates = [.. Enumerable.Range(0, 101).Select(i => schedule.AtShare(i / 100.0))];
        Assert.Equal((1, 0), (Math.Round(rates[20], 6), Math.Round(rates[100], 6)));
        Assert.Equal(rates[..21].Order(), rates[..21]);
        Assert.Equal(rates[20..].OrderDescending(), rates[20..]);
    }

    [Fact]
    public void A_budget_that_is_spent_already_still_trains_one_step()
    {
        using TrainingOutcome outcome = new Trainer(s_backbone, SmallBackbone.Compute, new(), new() { Budget = 1e-6 }).Fit(TransferStrategy.Full(), s_train, 3,
            seed: 1);
        Assert.Equal(1, outcome.Epochs);
    }

    [Fact]
    public void Rates_fall_from_group_to_group_by_the_layer_decay()
    {
        using TrainingOutcome published = Fit(Short(TransferStrategy.Discriminative()), s_train),
            half = Fit(Short(TransferStrategy.LpFt().WithLayerDecay(0.5)), s_train);
        Assert.StartsWith("3E-05 (first group) to 0.0002 (last)", published.Settings["learning rate"], StringComparison.Ordinal); // 2e-4 / 2.6^2
        Assert.StartsWith("5E-05 (first group) to 0.0002 (last)", half.Settings["learning rate"], StringComparison.Ordinal);
        Assert.Null(TransferStrategy.LpFt().WithLayerDecay(0.5).Phases[0].LayerDecay);
        Assert.Throws<ArgumentException>(() => TransferStrategy.Full().WithLayerDecay(1.5));
    }

    [Fact]
    public void A_run_says_what_it_trains()
    {
        using TrainingOutcome full = Fit(Short(TransferStrategy.Full()), s_train), frozen = Fit(TransferStrategy.Frozen(), s_train);
        Assert.StartsWith("embeddings to layer.1 (3 of 3 layer groups) and the head: ", full.Settings["trains"], StringComparison.Ordinal);
        Assert.StartsWith("the head alone: 51 parameters", frozen.Settings["trains"], StringComparison.Ordinal);
    }

    private static TransferStrategy Short(TransferStrategy strategy) => strategy with
    {
        Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 1 })],
    };

    private static TrainingOutcome Fit(TransferStrategy strategy, IReadOnlyList<Example> train) =>
        new Trainer(s_backbone, SmallBackbone.Compute, new()).Fit(strategy, train, 3, seed: 1);
}
