using System.Globalization;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Runtime;
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

    /// <summary>What is done about classes of different sizes. An index of examples has no loss to weigh, and n-grams have none either.</summary>
    public Balance Balance { get; init; }

    /// <summary>Seconds after which gradient steps end (see <see cref="Trainer.Budget"/>); null where epochs decide.</summary>
    public double? Budget { get; init; }

    /// <summary>Where an unfinished run of gradient steps is kept, and taken up again; null for nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>What phases without labels train on; the training examples where null.</summary>
    public IReadOnlyList<Example>? Unlabelled { get; init; }

    /// <summary>The same learner with another place for checkpoints.</summary>
    internal Learner WithCheckpoint(CheckpointOptions? checkpoint) => new(backbone, compute, cache)
    {
        Augmentation = Augmentation,
        Balance = Balance,
        Budget = Budget,
        Unlabelled = Unlabelled,
        Head = Head,
        Checkpoint = checkpoint,
    };

    /// <summary>Head of an earlier model, whose rows training starts from for classes of the same names; null to start anew.</summary>
    public HeadWeights? Head { get; init; }

    /// <summary>Trains a model. The same arguments on the same machine give the same model. The caller disposes it.</summary>
    public Fitted Fit(
        Strategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) => strategy switch
        {
            TransferStrategy transfer => FitNetwork(transfer, train, classes, seed, progress, cancellation),
            KnnStrategy knn => FitIndex(knn, train, classes, seed, progress, cancellation),
            ClassicalStrategy => ClassicalTrainer.Fit(backbone.Encoder.Kind, train, classes, Balance, seed, progress, cancellation),
            _ => throw new ArgumentException($"The learner knows no strategies of the type {strategy.GetType().Name}.", nameof(strategy)),
        };

    /// <summary>Puts the examples into an index, and chooses how many neighbours vote.</summary>
    private Fitted FitIndex(
        KnnStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        TrainingRun run = new(seed, progress, cancellation);
        TransferNetwork network = new(backbone.CreatePretrained(), classes.Count, seed: 0);
        try
        {
            network.MoveTo(compute.Device);
            network.Evaluate();
            FeatureExtractor extractor = new(network, backbone.Encoder, compute, cache);
            (LabeledFeatures features, _) = extractor.Extract(train, network.Backbone.Groups.Count, run.Clock, new ImmediateProgress<double>(share => run.Report("features", share)), cancellation);
            NeighbourIndex index = new();
            for (int i = 0; i < train.Count; i++)
            {
                index.Add(train[i].Name, train[i].Label, features.Rows[i]);
            }

            double? judged = strategy.Neighbours is { } given ? null : index.ChooseNeighbours(classes.Count, cancellation);
            index.Neighbours = strategy.Neighbours ?? index.Neighbours;
            run.AddPoint(new() { Seconds = run.Clock.Seconds, Epoch = 0, ValidationAccuracy = judged }, 1);
            run.Settings["neighbours"] = index.Neighbours.ToString(CultureInfo.InvariantCulture);
            run.Settings["validation"] = judged is null ? "none" : "every training example by the others, for the number of neighbours";
            return new()
            {
                Model = new NearestNeighbourModel(network, backbone.Encoder, backbone.Architecture, compute, index) { Classes = classes, Cache = cache },
                Time = run.Clock.ToRunTime(),
                Epochs = 0,
                Curve = run.Curve,
                Settings = run.Settings,
                TrainableParameters = 0,
            };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

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
            Unlabelled = Unlabelled,
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
            TrainableParameters = outcome.Plan.TrainableParameters,
        };
    }
}
