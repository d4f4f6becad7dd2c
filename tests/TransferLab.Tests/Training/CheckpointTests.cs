using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Training;

namespace TransferLab.Tests.Training;

/// <summary>An interrupted run goes on to the result that it would have had.</summary>
[Collection(TorchCollection.Name)]
public sealed class CheckpointTests : IDisposable
{
    private readonly SmallTask _images = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("full", true, 2)] // Dropout, and a narrowed table of words.
    [InlineData("lora", true, 1)]
    [InlineData("domain-adaptive", true, 4)] // In its second phase: the first has moved words that the second does not see.
    [InlineData("gradual", false, 10)]
    [InlineData("setfit", true, 2)] // Between two epochs of contrast; a head comes after them.
    [InlineData("scratch", false, 2)] // Statistics of BatchNorm.
    [InlineData("full", true, 2, Solver.Muon)]
    [InlineData("full", true, 2, Solver.Sgd)]
    public void Resumed_equals_uninterrupted_bit_for_bit(string name, bool texts, int stopAfter, Solver? solver = null)
    {
        TransferStrategy strategy = Short((TransferStrategy)StrategyCatalog.Find(name), epochs: 3);
        strategy = solver is { } other ? strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Solver = other })] } : strategy;
        IReadOnlyList<Example> all = texts ? SmallText.Task().Train : _images.Data.Train;
        IReadOnlyList<Example> train = texts ? [.. all.Where((_, i) => i % 2 == 0)] : all;
        Check(texts ? SmallText.Create() : SmallBackbone.Create(), strategy, train, all, stopAfter);
    }

    [Fact]
    public void The_best_weights_so_far_are_part_of_it()
    {
        IReadOnlyList<Example> few = SmallText.Task().Train;
        Example[] many =
            [.. Enumerable.Range(0, 85).SelectMany(i =>
                few.Select(example => example with { Name = $"{example.Name}/{i}", Source = $"{example.Source} {(i % 3 == 0 ? "the" : "my")}" }))];
        Check(SmallText.Create(), Short(TransferStrategy.Full(), epochs: 3), many, many, stopAfter: 2);
    }

    [Fact]
    public void A_run_that_is_cancelled_keeps_its_last_step_however_rarely_it_is_kept_otherwise()
    {
        Example[] many = [.. Enumerable.Range(0, 20).SelectMany(i => SmallText.Task().Train.Select(example => example with { Name = $"{example.Name}/{i}" }))];
        TransferStrategy strategy = Short(TransferStrategy.Full(), epochs: 2);
        using TrainingOutcome whole = new Trainer(SmallText.Create(), SmallBackbone.Compute, new()).Fit(strategy, many, 3, seed: 1);
        CheckpointOptions options = Options("rare") with { Every = TimeSpan.FromHours(1) };
        using CancellationTokenSource stop = new();
        int steps = 0;
        ImmediateProgress<TrainingProgress> third = new(told =>
        {
            if (told.Loss is not null && ++steps == 3)
            {
                stop.Cancel();
            }
        });
        TrainingOptions kept = new() { Checkpoint = options };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new Trainer(SmallText.Create(), SmallBackbone.Compute, new(), kept).Fit(strategy, many, 3, seed: 1, third, stop.Token));
        Assert.True(File.Exists(options.Path));
        int rest = 0;
        ImmediateProgress<TrainingProgress> count = new(told => rest += told.Loss is null ? 0 : 1);
        using TrainingOutcome resumed = new Trainer(SmallText.Create(), SmallBackbone.Compute, new(), kept).Fit(strategy, many, 3, seed: 1, count);

        Assert.Equal(SmallBackbone.Bits(whole.Network.State()), SmallBackbone.Bits(resumed.Network.State()));
        Assert.True(rest > 0 && steps == 3, $"{rest} steps more after {steps}.");
    }

    [Fact]
    public void A_damaged_checkpoint_or_one_of_another_run_is_not_taken_up()
    {
        CheckpointOptions options = Options("a");
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Stopped(SmallText.Create(), Short(TransferStrategy.Full(), 3), SmallText.Task().Train, null, options, stopAfter: 2));
        Assert.Equal(2, new Checkpoint(options).Find()!.Epoch);
        Assert.Null(new Checkpoint(options with { Fingerprint = "b" }).Find());
        Assert.Null(new Checkpoint(options with { Path = options.Path + ".none" }).Find());

        File.WriteAllBytes(options.Path, File.ReadAllBytes(options.Path)[..^5]);
        Assert.Null(new Checkpoint(options).Find());
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public void Under_a_budget_nothing_is_kept()
    {
        CheckpointOptions options = Options("timed");
        new Trainer(SmallText.Create(), SmallBackbone.Compute, new(), new() { Budget = 1e-6, Checkpoint = options })
            .Fit(TransferStrategy.Full(), SmallText.Task().Train, 3, seed: 1).Dispose();
        Assert.False(File.Exists(options.Path));
    }

    private void Check(Backbone backbone, TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<Example> unlabelled, int stopAfter)
    {
        using TrainingOutcome whole = new Trainer(backbone, SmallBackbone.Compute, new(), new() { Unlabeled = unlabelled }).Fit(strategy, train, 3, seed: 1);
        CheckpointOptions options = Options("same");
        Assert.ThrowsAny<OperationCanceledException>(() => Stopped(backbone, strategy, train, unlabelled, options, stopAfter));
        int told = 0;
        ImmediateProgress<TrainingProgress> count = new(progress => told += progress.Point is null ? 0 : 1);
        using TrainingOutcome resumed = new Trainer(backbone, SmallBackbone.Compute, new(), new() { Unlabeled = unlabelled, Checkpoint = options })
            .Fit(strategy, train, 3, seed: 1, count);

        Assert.Equal(SmallBackbone.Bits(whole.Network.State()), SmallBackbone.Bits(resumed.Network.State()));
        Assert.Equal(whole.Curve.Select(point => point with { Seconds = 0 }), resumed.Curve.Select(point => point with { Seconds = 0 }));
        Assert.Equal(whole.Settings.OrderBy(pair => pair.Key), resumed.Settings.OrderBy(pair => pair.Key));
        Assert.Equal(whole.Epochs, resumed.Epochs);
        Assert.True(told < whole.Curve.Count, "It began again.");
        Assert.Equal(resumed.Curve.Select(point => point.Seconds).Order(), resumed.Curve.Select(point => point.Seconds));
    }

    private static void Stopped(Backbone backbone, TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<Example>? unlabelled,
        CheckpointOptions options, int stopAfter)
    {
        using CancellationTokenSource stop = new();
        ImmediateProgress<TrainingProgress> progress = new(told =>
        {
            if (told.Point is not null && --stopAfter == 0)
            {
                stop.Cancel();
            }
        });
        new Trainer(backbone, SmallBackbone.Compute, new(), new() { Unlabeled = unlabelled, Checkpoint = options })
            .Fit(strategy, train, 3, seed: 1, progress, stop.Token).Dispose();
    }

    private CheckpointOptions Options(string fingerprint) => new()
    {
        Path = Path.Combine(_folder.Path, "run.safetensors"),
        Fingerprint = fingerprint,
        Every = TimeSpan.Zero,
    };

    private static TransferStrategy Short(TransferStrategy strategy, int epochs) =>
        strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = epochs, EpochShare = 1 })] };
}
