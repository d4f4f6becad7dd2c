using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>Turns a strategy and training examples into a model, whatever kind of strategy it is.</summary>
/// <param name="backbone">The backbone of transfer strategies.</param>
/// <param name="compute">Where networks run.</param>
/// <param name="cache">Features of frozen layers, shared between runs.</param>
/// <param name="options">How training goes; null for the defaults.</param>
/// <param name="registry">Which learner there is for which kind of strategy; <see cref="LearnerRegistry.Known"/> where null.</param>
public sealed class Learner(Backbone backbone, ComputeDevice compute, FeatureCache cache, TrainingOptions? options = null, LearnerRegistry? registry = null)
{
    private readonly TrainingOptions _options = options ?? new();

    /// <summary>Head of an earlier model, whose rows training starts from for classes of the same names; null to start anew.</summary>
    public HeadWeights? Head { get; init; }

    /// <summary>Refuses a strategy that would train a backbone whose weights stay as they are, or start it at random: before any work.</summary>
    /// <exception cref="ArgumentException">One line: which of the two does not suit the other.</exception>
    public static void Check(Strategy strategy, Backbone backbone)
    {
        if (backbone.FrozenOnly is { } why && strategy is TransferStrategy transfer && (transfer.Start == Start.Random || transfer.MovesBackbone))
        {
            throw new ArgumentException(
                $"The backbone {backbone.Card.Name} is {why}: '{strategy.Name}' would {(transfer.Start == Start.Random ? "start it at random" : "train it")}; "
                    + $"use strategies that leave it as it is, such as frozen, frozen-mlp or knn.");
        }
    }

    /// <summary>Trains a model that tells classes apart; see the other overload.</summary>
    /// <exception cref="DivergedException">The loss of gradient steps became infinite or no number: their learning rates are too high.</exception>
    public FitResult Fit(
        Strategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit(strategy, train, new ClassificationTask(classes), seed, progress, cancellation);

    /// <summary>Trains a model. The same arguments on the same machine give the same model. The caller disposes it.</summary>
    /// <param name="strategy">How.</param>
    /// <param name="train">Training examples; validation data is held out from these.</param>
    /// <param name="task">What is predicted.</param>
    /// <param name="seed">Decides all that is random.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <exception cref="DivergedException">The loss of gradient steps became infinite or no number: their learning rates are too high.</exception>
    public FitResult Fit(
        Strategy strategy, IReadOnlyList<Example> train, PredictionTask task, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Check(strategy, backbone);
        return (registry ?? LearnerRegistry.Known).Fit(strategy, new()
        {
            Backbone = backbone,
            Compute = compute,
            Cache = cache,
            Options = Head is { } head ? _options with { Prepare = network => head.Fill(network, task.Classes) } : _options,
            Train = train,
            Task = task,
            Seed = seed,
            Progress = progress,
            Cancellation = cancellation,
        });
    }

    /// <summary>How training goes.</summary>
    internal TrainingOptions Options => _options;

    /// <summary>The same learner with another place for checkpoints.</summary>
    internal Learner WithCheckpoint(CheckpointOptions? checkpoint) =>
        new(backbone, compute, cache, _options with { Checkpoint = checkpoint }, registry) { Head = Head };

    /// <summary>The same learner with other seconds for its gradient steps.</summary>
    internal Learner WithBudget(double budget) => new(backbone, compute, cache, _options with { Budget = budget }, registry) { Head = Head };
}
