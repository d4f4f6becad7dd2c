using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>Turns a strategy and training examples into a model, whatever kind of strategy it is.</summary>
/// <param name="backbone">The backbone of transfer strategies.</param>
/// <param name="compute">Where networks run.</param>
/// <param name="cache">Features of frozen layers, shared between runs.</param>
public sealed class Learner(Backbone backbone, ComputeDevice compute, FeatureCache cache)
{
    /// <summary>How training inputs are varied, in strategies that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>Trains a model. The same arguments on the same machine give the same model. The caller disposes it.</summary>
    public Fitted Fit(
        Strategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) => strategy switch
        {
            TransferStrategy transfer => FitNetwork(transfer, train, classes, seed, progress, cancellation),
            ClassicalStrategy => ClassicalTrainer.Fit(backbone.Encoder.Kind, train, classes, seed, progress, cancellation),
            _ => throw new ArgumentException($"The learner knows no strategies of the type {strategy.GetType().Name}.", nameof(strategy)),
        };

    private Fitted FitNetwork(
        TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        Trainer trainer = new(backbone, compute, cache) { Augmentation = Augmentation };
        TrainingOutcome outcome = trainer.Fit(strategy, train, classes.Count, seed, progress, cancellation);
        bool isFrozen = outcome.Plan.FrozenPrefix == outcome.Network.Backbone.Groups.Count;
        return new()
        {
            Model = new NetworkModel(outcome.Network, backbone.Encoder, backbone.Architecture, compute) { Classes = classes, Cache = isFrozen ? cache : null },
            Time = outcome.Time,
            Epochs = outcome.Epochs,
            Curve = outcome.Curve,
            Settings = outcome.Settings,
            TrainableParameters = outcome.Plan.TrainableParameters,
        };
    }
}
