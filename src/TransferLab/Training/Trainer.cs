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
public sealed class Trainer(Backbone backbone, ComputeDevice compute, FeatureCache cache)
{
    /// <summary>How training inputs are varied, in phases that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>What is done about classes of different sizes.</summary>
    public Balance Balance { get; init; }

    /// <summary>
    /// Seconds after which training ends, with learning rates that fall to zero by then; null where epochs decide. Phases share what solvers and
    /// features leave of it by their <see cref="Phase.EpochShare"/>. Its results depend on the machine, and on its load.
    /// </summary>
    public double? Budget { get; init; }

    /// <summary>Where an unfinished run is kept, and taken up again; null for nowhere. Under a <see cref="Budget"/> none is kept.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>What phases without labels train on, such as all texts of a task of which few have labels; the training examples where null.</summary>
    public IReadOnlyList<Example>? Unlabeled { get; init; }

    /// <summary>
    /// What a first phase without labels leaves, kept for other runs of the same seed with the same examples in <see cref="Unlabeled"/>; null where every run
    /// trains its own.
    /// </summary>
    internal UnlabeledPhase? Shared { get; init; }

    /// <summary>Told of the network before the first phase, to start it from other weights.</summary>
    internal Action<TransferNetwork>? Prepare { get; init; }

    /// <summary>Trains one network. The same arguments on the same machine give the same weights, bit for bit.</summary>
    /// <param name="strategy">The phases.</param>
    /// <param name="train">Training examples; validation data is held out from these.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Decides initial weights, order, views and what is held out.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="DivergedException">The loss of gradient steps became infinite or no number: their learning rates are too high.</exception>
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
            TrainingRun run = new(seed, progress, cancellation) { Augmentation = Augmentation, Balance = Balance, Checkpoint = Checkpoint is null || Budget is not null ? null : new(Checkpoint) };
            int first = 0, epochs = 0;
            if (run.Checkpoint?.Find() is { } left)
            {
                (first, epochs) = (left.Phase, left.EpochsBefore);
                run.TakeUp(left);
            }

            FreezePlan? plan = null;
            long most = 0;
            for (int i = 0; i < strategy.Phases.Count; i++)
            {
                Phase phase = WithRates(strategy.Phases[i], strategy.Start, backbone.Recipe, network.Backbone.Groups.Count);
                network.Adapt(phase, run.SeedFor("adapters"));
                plan = FreezePlan.Apply(network, phase);
                most = Math.Max(most, plan.TrainableParameters);
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
                    int made = RunPhase(network, present, phase, train, until, run);
                    network.Merge();
                    return made;
                }

                epochs += i == 0 && Shared is { } shared && until is null && Unlabeled is not null && phase.Objective == Objective.Contrast && run.Checkpoint?.State is null
                    ? shared.Run(phase, network, run, Train)
                    : Train();
            }

            network.Evaluate();
            return new()
            {
                Network = network,
                Plan = plan!,
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

    private TransferNetwork Start(TransferStrategy strategy, int classes, int seed)
    {
        if (strategy is { Start: Strategies.Start.Pretrained, MovesBackbone: false })
        {
            (BackboneNetwork shared, IDisposable lease) = cache.Pretrained(backbone, compute);
            TransferNetwork frozen = new(shared, lease, classes, Seeds.Mix(seed, "head"), strategy.HiddenUnits);
            Prepare?.Invoke(frozen);
            frozen.Head.to(compute.Device);
            frozen.Hidden?.to(compute.Device);
            return frozen;
        }

        BackboneNetwork network = strategy.Start == Strategies.Start.Pretrained
            ? backbone.CreatePretrained()
            : backbone.CreateRandom(Seeds.Mix(seed, "weights"));
        TransferNetwork whole = new(network, classes, Seeds.Mix(seed, "head"), strategy.HiddenUnits);
        Prepare?.Invoke(whole);
        whole.MoveTo(compute.Device);
        return whole;
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
        if (Budget is not { } budget)
        {
            return null;
        }

        run.Settings["budget"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{budget:0.#} s");
        double rest = strategy.Phases.Skip(phase).Where(later => later.Solver == Solver.AdamW).Sum(later => later.EpochShare);
        return run.Clock.Seconds + ((budget - run.Clock.Seconds) * strategy.Phases[phase].EpochShare / Math.Max(strategy.Phases[phase].EpochShare, rest));
    }

    private int RunPhase(TransferNetwork network, FreezePlan plan, Phase phase, IReadOnlyList<Example> train, double? until, TrainingRun run)
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

        if (phase.Objective == Objective.Contrast)
        {
            train = Unlabeled ?? train;
            run.Settings["unlabelled"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{train.Count:N0} training examples without their labels");
        }

        using IDisposable narrowed = network.Backbone.Narrow(plan.FrozenPrefix == 0 ? backbone.Encoder.SymbolsIn(train) : null);
        PhaseInputs inputs = new(network, plan.FrozenPrefix, backbone.Encoder, compute, cache);
        return new GradientTraining(network, plan, phase, inputs, run).Fit(EffortOf(phase, train, run), until);
    }

    private static Effort EffortOf(Phase phase, IReadOnlyList<Example> train, TrainingRun run)
    {
        Effort effort = Effort.For(train, phase.Epochs, run.SeedFor("validation"));
        effort = phase.Epochs is null ? effort.Times(phase.EpochShare) : effort;
        return phase.Objective == Objective.Classify ? effort : effort with { Train = train, HeldOut = [], StopsEarly = false }; // There are no labels to validate by.
    }
}
