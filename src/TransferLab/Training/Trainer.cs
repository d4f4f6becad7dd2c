using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
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
/// <param name="options">How training goes; null for the defaults.</param>
public sealed class Trainer(Backbone backbone, ComputeDevice compute, FeatureCache cache, TrainingOptions? options = null)
{
    private readonly TrainingOptions _options = options ?? new();

    /// <summary>Trains one network for so many classes; see the other overload.</summary>
    public TrainingOutcome Fit(
        TransferStrategy strategy, IReadOnlyList<Example> train, int classes, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit(strategy, train, ClassificationTask.Of(classes), seed, progress, cancellation);

    /// <summary>Trains one network. The same arguments on the same machine give the same weights, bit for bit.</summary>
    /// <param name="strategy">The phases.</param>
    /// <param name="train">Training examples; validation data is held out from these.</param>
    /// <param name="task">What is predicted.</param>
    /// <param name="seed">Decides initial weights, order, views and what is held out.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="DivergedException">The loss of gradient steps became infinite or no number: their learning rates are too high.</exception>
    public TrainingOutcome Fit(
        TransferStrategy strategy, IReadOnlyList<Example> train, PredictionTask task, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (train.Count == 0 || strategy.Phases.Count == 0)
        {
            throw new ArgumentException("Training needs at least one example and a strategy of at least one phase.");
        }

        TransferNetwork network = Start(strategy, task, seed);
        try
        {
            TrainingRun run = new(seed, progress, cancellation)
            {
                Augmentation = _options.Augmentation,
                Balance = _options.Balance,
                Checkpoint = _options.Checkpoint is null || _options.Budget is not null ? null : new(_options.Checkpoint),
            };
            (FreezePlan plan, long most, int epochs) = RunPhases(network, strategy, train, task, run);
            network.Evaluate();
            return new()
            {
                Network = network,
                Plan = plan,
                TrainableParameters = most,
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

    private (FreezePlan Plan, long Most, int Epochs) RunPhases(
        TransferNetwork network, TransferStrategy strategy, IReadOnlyList<Example> train, PredictionTask task, TrainingRun run)
    {
        int first = 0, epochs = 0;
        if (run.Checkpoint?.Find() is { } left)
        {
            (first, epochs) = (left.Phase, left.EpochsBefore);
            run.Resume(left);
        }

        FreezePlan? plan = null;
        long most = 0;
        for (int i = 0; i < strategy.Phases.Count; i++)
        {
            Phase phase = WithRates(strategy.Phases[i], strategy.Start, backbone.Recipe, network.Backbone.Groups.Count);
            bool goOn = i > 0 && i >= first && network.Adapters is not null && strategy.Phases[i - 1] is { Lora: { Merge: AdapterMerge.Keep } before }
                && before == phase.Lora;
            if (!goOn)
            {
                network.Adapt(phase, run.SeedFor("adapters"));
            }

            if (i == 0 && network.Adapters is not null)
            {
                _options.PrepareAdapters?.Invoke(network);
            }

            plan = FreezePlan.Apply(network, phase);
            most = Math.Max(most, plan.TrainableParameters);
            if (plan.TrainableParameters == 0)
            {
                throw new ArgumentException(
                    $"'{strategy.Name}' finds nothing to train in {backbone.Card.Name}: the network has no "
                        + $"{(phase.Trains == LayerSelector.Biases ? "biases" : "such parameters")}.");
            }

            if (i < first) // Done before the interruption: its weights are in the checkpoint.
            {
                network.Discard();
                continue;
            }

            run.Settings["trains"] = plan.Summary;
            if (run.Checkpoint is { } checkpoint)
            {
                checkpoint.At = (i, epochs);
                if (checkpoint.State is not null)
                {
                    checkpoint.RestoreNetwork(network);
                }
            }

            (FreezePlan present, double? until) = (plan, EndOf(strategy, i, run));
            int Train()
            {
                int made = RunPhase(network, present, phase, train, task, until, run);
                if (phase.Lora?.Merge != AdapterMerge.Keep)
                {
                    network.Merge();
                }

                return made;
            }

            bool isShared = i == 0 && until is null && _options.Unlabeled is not null && !phase.Objective.NeedsTargets && run.Checkpoint?.State is null;
            epochs += isShared && _options.Shared is { } shared ? shared.Run(phase, network, run, Train) : Train();
        }

        return (plan!, most, epochs);
    }

    private TransferNetwork Start(TransferStrategy strategy, PredictionTask task, int seed)
    {
        TransferNetwork network;
        if (strategy is { Start: Strategies.Start.Pretrained, MovesBackbone: false })
        {
            (BackboneNetwork shared, IDisposable lease) = cache.Pretrained(backbone, compute);
            network = new(shared, lease, Head(shared));
            _options.Prepare?.Invoke(network);
            network.Head.MoveTo(compute.Device);
            return network;
        }

        BackboneNetwork own = strategy.Start == Strategies.Start.Pretrained
            ? backbone.CreatePretrained()
            : backbone.CreateRandom(Seeds.Mix(seed, "weights"));
        network = new(own, Head(own));
        _options.Prepare?.Invoke(network);
        network.MoveTo(compute.Device);
        return network;

        Head Head(BackboneNetwork under) => task.CreateHead(under, strategy.Head, Seeds.Mix(seed, "head"));
    }

    /// <summary>The rates of the backbone's recipe, where a phase names none.</summary>
    internal static Phase WithRates(Phase given, Start start, Recipe recipe, int groups)
    {
        Phase phase = given.LayerDecay is { } decay ? given with { FirstGroupRate = Math.Pow(decay, groups - 1) } : given;
        phase = start == Strategies.Start.Pretrained
            ? phase with { LearningRate = phase.LearningRate ?? recipe.FineTuningRate, FirstGroupRate = phase.FirstGroupRate ?? recipe.FirstGroupRate }
            : phase with { LearningRate = phase.LearningRate ?? recipe.ScratchRate, FirstGroupRate = phase.FirstGroupRate ?? 1 };
        return phase with { LearningRate = phase.LearningRate * phase.RateScale };
    }

    /// <summary>The clock's reading at which a phase ends, where there is a budget.</summary>
    private double? EndOf(TransferStrategy strategy, int phase, TrainingRun run)
    {
        if (_options.Budget is not { } budget)
        {
            return null;
        }

        run.Settings["budget"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{budget:0.#} s");
        double rest = strategy.Phases.Skip(phase).Where(later => later.TakesSteps).Sum(later => later.EpochShare);
        return run.Clock.Seconds + ((budget - run.Clock.Seconds) * strategy.Phases[phase].EpochShare / Math.Max(strategy.Phases[phase].EpochShare, rest));
    }

    private int RunPhase(TransferNetwork network, FreezePlan plan, Phase phase, IReadOnlyList<Example> train, PredictionTask task, double? until,
        TrainingRun run)
    {
        if (phase.Solver == Solver.Lbfgs)
        {
            FeatureExtractor extractor = new(network.Backbone, backbone.Encoder, compute, cache);
            (LabeledFeatures features, _) = extractor.Extract(
                train, plan.FrozenPrefix, run.Clock, new ImmediateProgress<double>(share => run.Report("features", share)), run.Cancellation);
            return LinearProbe.Fit(network.Classifier, features, train, run, phase.HeadDecay);
        }

        if (!phase.Objective.NeedsTargets)
        {
            train = _options.Unlabeled ?? train;
            run.Settings["unlabelled"] =
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{train.Count:N0} training examples without their labels");
        }

        using IDisposable narrowed =
            network.Backbone.CompactVocabulary(plan.FrozenPrefix == 0 && !network.Head.IsTied ? backbone.Encoder.SymbolsIn(train) : null);
        PhaseInputs inputs = new(network, task, plan.FrozenPrefix, backbone.Encoder, compute, cache);
        return new GradientTraining(network, plan, phase, inputs, run).Fit(EffortOf(phase, train, run), until);
    }

    private EpochPlan EffortOf(Phase phase, IReadOnlyList<Example> train, TrainingRun run)
    {
        EpochPlan epochPlan = EpochPlan.For(train, phase.Epochs, run.SeedFor("validation"));
        epochPlan = phase.Epochs is null ? epochPlan.Times(phase.EpochShare) : epochPlan;
        epochPlan = phase.Objective.NeedsTargets
            ? epochPlan
            : epochPlan with { Train = train, HeldOut = [], StopsEarly = false }; // There are no labels to validate by.
        if (_options.HeldOut is { } heldOut)
        {
            epochPlan = epochPlan with { Train = train, HeldOut = heldOut, StopsEarly = heldOut.Count > 0 };
        }

        if (phase.Objective.JudgesByHead)
        {
            epochPlan = epochPlan with { StopsEarly = epochPlan.HeldOut.Count > 0 };
        }

        epochPlan = phase.BatchSize is { } size ? epochPlan with { BatchSize = Math.Min(size, epochPlan.Train.Count) } : epochPlan;
        return phase is { Steps: { } steps, Epochs: null } && EpochPlan.IsFew(train.Count)
            ? epochPlan.Of((int)Math.Ceiling(steps * phase.EpochShare))
            : epochPlan;
    }
}
