using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Runtime;
using TransferLab.Strategies;

namespace TransferLab.Training;

/// <summary>
/// The one trainer: runs the phases of a strategy and knows none by name. What is frozen decides the rest: the longest frozen prefix of layer
/// groups runs in evaluation mode, and where inputs do not vary its output is computed once.
/// </summary>
/// <param name="backbone">The backbone that strategies adapt.</param>
/// <param name="compute">Where, and in which type.</param>
/// <param name="cache">Features of frozen layers, shared between runs.</param>
public sealed class Trainer(Backbone backbone, ComputeDevice compute, FeatureCache cache)
{
    /// <summary>How training inputs are varied, in phases that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>Trains one network. The same arguments on the same machine give the same weights, bit for bit.</summary>
    /// <param name="strategy">The phases.</param>
    /// <param name="train">Training examples; validation data is held out from these.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Decides initial weights, order, views and what is held out.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <returns>The caller disposes it.</returns>
    public TrainingOutcome Fit(
        TransferStrategy strategy, IReadOnlyList<Example> train, int classes, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (train.Count == 0 || strategy.Phases.Count == 0)
        {
            throw new ArgumentException("Training needs at least one example and a strategy of at least one phase.");
        }

        TransferNetwork network = Start(strategy, classes, seed);
        try
        {
            TrainingRun run = new(seed, progress, cancellation) { Augmentation = Augmentation };
            int epochs = 0;
            FreezePlan? plan = null;
            foreach (Phase phase in strategy.Phases.Select(phase => WithRates(phase, strategy.Start)))
            {
                network.Adapt(phase, run.SeedFor("adapters"));
                plan = FreezePlan.Apply(network, phase);
                epochs += RunPhase(network, plan, phase, train, run);
                network.Merge();
            }

            network.Evaluate();
            return new()
            {
                Network = network,
                Plan = plan!,
                Time = run.Clock.ToRunTime(),
                Epochs = epochs,
                Curve = run.Curve,
                Settings = run.Settings,
            };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private TransferNetwork Start(TransferStrategy strategy, int classes, int seed)
    {
        if (strategy is { Start: Strategies.Start.Pretrained, MovesBackbone: false })
        {
            (BackboneNetwork shared, IDisposable lease) = cache.Pretrained(backbone, compute);
            TransferNetwork frozen = new(shared, lease, classes, Seeds.Mix(seed, "head"));
            frozen.Head.to(compute.Device);
            return frozen;
        }

        BackboneNetwork network = strategy.Start == Strategies.Start.Pretrained
            ? backbone.CreatePretrained()
            : backbone.CreateRandom(Seeds.Mix(seed, "weights"));
        TransferNetwork whole = new(network, classes, Seeds.Mix(seed, "head"));
        whole.MoveTo(compute.Device);
        return whole;
    }

    /// <summary>The rates of the backbone's recipe, where a phase names none.</summary>
    private Phase WithRates(Phase phase, Start start) => start == Strategies.Start.Pretrained
        ? phase with { LearningRate = phase.LearningRate ?? backbone.Recipe.FineTuningRate, FirstGroupRate = phase.FirstGroupRate ?? backbone.Recipe.FirstGroupRate }
        : phase with { LearningRate = phase.LearningRate ?? backbone.Recipe.ScratchRate, FirstGroupRate = phase.FirstGroupRate ?? 1 };

    private int RunPhase(TransferNetwork network, FreezePlan plan, Phase phase, IReadOnlyList<Example> train, TrainingRun run)
    {
        if (phase.Solver == Solver.Lbfgs)
        {
            if (plan.FrozenPrefix < network.Backbone.Groups.Count || phase.Augment)
            {
                throw new ArgumentException("L-BFGS solves for a head on frozen features of unvaried inputs; use AdamW to train layer groups.");
            }

            FeatureExtractor extractor = new(network, backbone.Encoder, compute, cache);
            (LabeledFeatures features, _) = extractor.Extract(train, plan.FrozenPrefix, run.Clock, new ImmediateProgress<double>(share => run.Report("features", share)), run.Cancellation);
            return LinearProbe.Fit(network, features, train, run);
        }

        using IDisposable narrowed = network.Backbone.Narrow(plan.FrozenPrefix == 0 ? backbone.Encoder.SymbolsIn(train) : null);
        PhaseInputs inputs = new(network, plan.FrozenPrefix, backbone.Encoder, compute, cache);
        return new GradientTraining(network, plan, phase, inputs, run).Fit(Effort.For(train, phase.Epochs, run.SeedFor("validation")).Times(phase.EpochShare));
    }
}
