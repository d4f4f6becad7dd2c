using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// The learning-rate range test (Smith 2015, arXiv:1506.01186): one short run in which the rate rises until the loss explodes. The network and torch's
/// generator are bit for bit as before afterwards.
/// </summary>
/// <param name="backbone">How inputs reach the network.</param>
/// <param name="compute">Where, and in which type.</param>
internal sealed class LearningRateFinder(Backbone backbone, ComputeDevice compute)
{
    private const double Least = 1e-6, Most = 1, Smoothing = 0.8, Exploded = 4, Margin = 10;
    private const int Steps = 60, Batch = 16;

    /// <summary>Sweeps the rates of a phase; those of other groups keep their proportion to the last group's.</summary>
    /// <param name="network">As the phase would find it; unchanged afterwards, modes and flags included.</param>
    /// <param name="phase">A phase of gradient steps.</param>
    /// <param name="train">Training examples.</param>
    /// <param name="seed">Decides order and dropout.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="ArgumentException">The phase has a solver without a rate.</exception>
    public LearningRateSweep Find(TransferNetwork network, Phase phase, IReadOnlyList<Example> train, int seed, CancellationToken cancellation = default)
    {
        if (!phase.TakesSteps)
        {
            throw new ArgumentException("L-BFGS has no learning rate to find; give a phase of AdamW or SGD.", nameof(phase));
        }

        using Generator random = new((ulong)Seeds.Mix(seed, "rates"), compute.Device);
        using NetworkSnapshot before = new(network);
        network.Adapt(phase, Seeds.Mix(seed, "adapters"));
        network.Random = random;
        try
        {
            return Sweep(network, before, phase, train, new TrainingRun(seed, progress: null, cancellation));
        }
        finally
        {
            network.Random = null;
            network.Discard();
            before.Restore();
        }
    }

    private LearningRateSweep Sweep(TransferNetwork network, NetworkSnapshot before, Phase phase, IReadOnlyList<Example> train, TrainingRun run)
    {
        PredictionTask task = ClassificationTask.Of(Math.Max(2, network.Outputs));
        FreezePlan plan = FreezePlan.Apply(network, phase);
        before.KeepMoving();
        using IDisposable narrowed = network.Backbone.CompactVocabulary(plan.FrozenPrefix == 0 ? backbone.Encoder.SymbolsIn(train) : null);
        bool isHead = plan.FrozenPrefix == network.Backbone.Groups.Count;
        Phase rated = Trainer.WithRates(phase, Start.Pretrained, backbone.Recipe, network.Backbone.Groups.Count);
        double own = isHead ? rated.HeadLearningRate : rated.LearningRate!.Value;
        using OptimizerGroups optimizer = new(network, plan, rated, compute.Type);
        GradientStep step = new(new(network, task, plan.FrozenPrefix, phase.LabelSmoothing), rated with { Accumulation = 1 }, optimizer);
        PhaseInputs inputs = new(network, task, plan.FrozenPrefix, backbone.Encoder, compute, new());
        List<LearningRateSweep.Point> points = [];
        double smooth = 0, lowest = double.MaxValue;
        foreach (Batch x in inputs.Read(Batches(train, phase, run), run))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            double rate = Least * Math.Pow(Most / Least, points.Count / (Steps - 1.0));
            step.Add(x);
            double stepLoss = step.Update(rate / own).Loss;
            smooth = (Smoothing * smooth) + ((1 - Smoothing) * stepLoss);
            double loss = smooth / (1 - Math.Pow(Smoothing, points.Count + 1));
            lowest = Math.Min(lowest, loss);
            points.Add(new(rate, loss));
            if (!(loss <= Exploded * lowest)) // Also where it is no number any more.
            {
                break;
            }
        }

        return new(points, points.MinBy(point => double.IsFinite(point.Loss) ? point.Loss : double.MaxValue)!.Rate / Margin);
    }

    /// <summary>As many batches as there are steps, over the examples in ever new orders.</summary>
    private static List<(IReadOnlyList<Example>, AugmentedViews?)> Batches(IReadOnlyList<Example> train, Phase phase, TrainingRun run)
    {
        List<(IReadOnlyList<Example>, AugmentedViews?)> batches = [];
        for (int epoch = 0; batches.Count < Steps; epoch++)
        {
            Example[] order = [.. train];
            new Random(run.SeedFor("order", epoch)).Shuffle(order);
            foreach (IReadOnlyList<Example> batch in order.Chunk(Batch).Select(chunk => phase.Objective.Arrange(chunk)).Take(Steps - batches.Count))
            {
                int index = batches.Count;
                batches.Add((batch, phase.Augment ? new(run.Augmentation, [.. batch.Select((_, i) => run.SeedFor("view", index, i))]) : null));
            }
        }

        return batches;
    }
}
