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
public sealed class Learner(Backbone backbone, ComputeDevice compute, FeatureCache cache)
{
    /// <summary>How training inputs are varied, in strategies that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>What is done about classes of different sizes. The neighbours of an index vote as they are, and a pipeline of one's own weighs as it is made to.</summary>
    public Balance Balance { get; init; }

    /// <summary>Seconds after which gradient steps end (see <see cref="Trainer.Budget"/>); null where epochs decide.</summary>
    public double? Budget { get; init; }

    /// <summary>Where an unfinished run of gradient steps is kept, and taken up again; null for nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>What phases without labels train on; the training examples where null.</summary>
    public IReadOnlyList<Example>? Unlabeled { get; init; }

    /// <summary>What a first phase without labels leaves, for the runs of one strategy and seed; null where every run trains its own.</summary>
    internal UnlabeledPhase? Shared { get; init; }

    /// <summary>The same learner with another place for checkpoints.</summary>
    internal Learner WithCheckpoint(CheckpointOptions? checkpoint) => new(backbone, compute, cache)
    {
        Augmentation = Augmentation,
        Balance = Balance,
        Budget = Budget,
        Unlabeled = Unlabeled,
        Shared = Shared,
        Head = Head,
        Checkpoint = checkpoint,
    };

    /// <summary>Head of an earlier model, whose rows training starts from for classes of the same names; null to start anew.</summary>
    public HeadWeights? Head { get; init; }

    /// <summary>Trains a model. The same arguments on the same machine give the same model. The caller disposes it.</summary>
    /// <exception cref="DivergedException">The loss of gradient steps became infinite or no number: their learning rates are too high.</exception>
    public Fitted Fit(
        Strategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) => strategy switch
        {
            TransferStrategy transfer => FitNetwork(transfer, train, classes, seed, progress, cancellation),
            KnnStrategy knn => new FeatureLearner(backbone, compute, cache).Fit(knn, train, classes, new(seed, progress, cancellation) { Balance = Balance }),
            MLNetHeadStrategy head => new FeatureLearner(backbone, compute, cache).Fit(head, train, classes, new(seed, progress, cancellation) { Balance = Balance }),
            PipelineStrategy pipeline => PipelineTrainer.Fit(pipeline, backbone.Encoder.Kind, train, classes, seed, progress, cancellation),
            ClassicalStrategy => ClassicalTrainer.Fit(backbone.Encoder.Kind, train, classes, Balance, seed, progress, cancellation),
            _ => throw new ArgumentException($"The learner knows no strategies of the type {strategy.GetType().Name}.", nameof(strategy)),
        };

    private Fitted FitNetwork(
        TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        Trainer trainer = new(backbone, compute, cache)
        {
            Augmentation = Augmentation,
            Balance = Balance,
            Budget = Budget,
            Checkpoint = Checkpoint,
            Unlabeled = Unlabeled,
            Shared = Shared,
            Prepare = Head is { } head ? network => head.Fill(network, classes) : null,
        };
        TrainingOutcome outcome = trainer.Fit(strategy, train, classes.Count, seed, progress, cancellation);
        bool isFrozen = outcome.Plan.FrozenPrefix == outcome.Network.Backbone.Groups.Count;
        return new()
        {
            Model = new NetworkModel(outcome.Network, backbone.Encoder, backbone.Architecture, compute) { Classes = classes, Cache = isFrozen ? cache : null },
            Time = outcome.Time,
            Epochs = outcome.Epochs,
            Curve = outcome.Curve,
            Settings = outcome.Settings,
            TrainableParameters = outcome.TrainableParameters,
        };
    }
}
