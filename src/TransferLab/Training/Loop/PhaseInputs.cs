using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// What the trained part of a network reads: the output of the frozen prefix. Computed once and kept where inputs do not vary and it fits into
/// memory; otherwise run anew for every batch, without gradients.
/// </summary>
internal sealed class PhaseInputs(
    TransferNetwork network, PredictionTask task, int prefix, InputEncoder encoder, ComputeDevice compute, FeatureCache cache)
{
    /// <summary>Largest number of values of a mid-network output over all examples that is kept: 256 MB.</summary>
    private const long MostValues = 64L << 20;
    private readonly FeatureExtractor _extractor = new(network.Backbone, encoder, compute, cache, network.Adapters);
    private readonly HashSet<Example> _booked = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is predicted.</summary>
    public PredictionTask Task => task;

    /// <summary>How inputs reach the network.</summary>
    public InputEncoder Encoder => encoder;

    /// <summary>Where batches go.</summary>
    public Device Device => compute.Device;

    /// <summary>The type in which the network computes.</summary>
    public ScalarType Type => compute.TypeFor(network.Backbone);

    /// <summary>Batches in the given order: the prefix's output on the device, with targets where examples have some. Each is disposed before the next
    /// comes.</summary>
    /// <param name="batches">Examples and, in training, their views.</param>
    /// <param name="run">Clock and cancellation.</param>
    public IEnumerable<Batch> Read(IReadOnlyList<(IReadOnlyList<Example> Examples, AugmentedViews? Views)> batches, TrainingRun run)
    {
        bool varied = batches.Any(batch => batch.Views is not null);
        return prefix > 0 && !varied && Fits(batches[0].Examples[0], batches.Sum(batch => (long)batch.Examples.Count), run)
            ? ReadCached([.. batches.Select(batch => batch.Examples)], run)
            : ReadStreamed(batches, run);
    }

    /// <summary>Pooled features fit always; the output of middle layers must be small, and of one shape.</summary>
    private bool Fits(Example sample, long examples, TrainingRun run)
    {
        if (prefix < network.Backbone.Groups.Count && encoder.HasLengths)
        {
            return false;
        }

        (_, long[] shape) = _extractor.Extract([sample], prefix, clock: null, progress: null, run.Cancellation);
        return shape.Aggregate(examples, (product, size) => product * size) <= MostValues;
    }

    private IEnumerable<Batch> ReadCached(IReadOnlyList<IReadOnlyList<Example>> batches, TrainingRun run)
    {
        List<Example> all = [.. batches.SelectMany(batch => batch)];
        Example[] fresh = [.. all.Where(_booked.Add)];
        if (fresh.Length > 0) // An epoch that reads the others again costs nothing more.
        {
            _extractor.Extract(fresh, prefix, run.Clock, progress: null, run.Cancellation);
        }

        (LabeledFeatures features, long[] shape) = _extractor.Extract(all, prefix, clock: null, progress: null, run.Cancellation);
        int first = 0;
        foreach (IReadOnlyList<Example> batch in batches)
        {
            LabeledFeatures rows = features.Select(Enumerable.Range(first, batch.Count));
            first += batch.Count;
            float[] flat = [.. rows.Rows.SelectMany(row => row)];
            using Tensor array = tensor(flat, [batch.Count, .. shape]);
            using Tensor aligned = array.clone(); // A managed array lies anywhere, and results may round by alignment.
            using Tensor local = aligned.to(compute.Device);
            using Batch inputs = new(local.to(compute.TypeFor(network.Backbone))) { Targets = Targets(batch) };
            yield return inputs;
        }
    }

    private IEnumerable<Batch> ReadStreamed(IReadOnlyList<(IReadOnlyList<Example> Examples, AugmentedViews? Views)> batches, TrainingRun run)
    {
        ScalarType type = compute.TypeFor(network.Backbone);
        using IDisposable held = network.Backbone.CastWeights(prefix, type);
        BatchReader reader = new(encoder, run.Cancellation);
        int index = 0;
        try
        {
            foreach (Tensor raw in reader.Read(batches))
            {
                using Batch inputs = Prefix(raw, type) with { Targets = Targets(batches[index++].Examples) };
                yield return inputs;
            }
        }
        finally
        {
            run.Clock.AddReading(reader.WaitSeconds); // Also where time was up before the epoch was over.
        }
    }

    private Batch Prefix(Tensor raw, ScalarType type)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return network.Prefix(encoder.Normalize(raw, compute.Device, type), prefix).MoveToOuterDisposeScope();
    }

    private Tensor? Targets(IReadOnlyList<Example> batch) => batch.Any(example => example.Target is NoTarget) ? null : task.Targets(batch, compute.Device);
}
