using System.Diagnostics;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Runs the first layer groups of a network, in evaluation mode and without gradients, once over each example.</summary>
internal sealed class FeatureExtractor(BackboneNetwork network, InputEncoder encoder, ComputeDevice compute, FeatureCache cache, AdapterSet? adapters = null)
{
    private const int BatchSize = 32;
    private readonly Dictionary<int, FeatureTable> _tables = []; // Finding one hashes the weights, which stay as they are for as long as this lives.

    /// <summary>Outputs of the first <paramref name="groups"/> groups, pooled where these are all; computed for what the cache lacks.</summary>
    /// <param name="examples">Examples whose hash is set.</param>
    /// <param name="groups">How many groups run.</param>
    /// <param name="clock">Books the time, where it belongs to training; null for the test.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    public (LabeledFeatures Features, long[] Shape) Extract(
        IReadOnlyList<Example> examples, int groups, RunClock? clock, IProgress<double>? progress, CancellationToken cancellation)
    {
        ScalarType type = compute.TypeFor(network);
        FeatureTable table = _tables.TryGetValue(groups, out FeatureTable? known)
            ? known
            : _tables[groups] = cache.Table(network, groups, encoder, type, adapters);
        List<Example> missing = [.. examples.Where(example => !table.Rows.ContainsKey(KeyOf(example))).DistinctBy(KeyOf).OrderByDescending(encoder.LengthOf)];
        (double reading, double seconds) = missing.Count > 0 ? Compute(missing, groups, table, type, progress, cancellation) : (0, 0);
        int found = examples.Count - missing.Count;
        double savedReading = found * table.ReadSeconds / Math.Max(1, table.Computed);
        double savedNetwork = found * table.NetworkSeconds / Math.Max(1, table.Computed);
        clock?.AddFeatures(reading + savedReading, seconds + savedNetwork, savedReading + savedNetwork, missing.Count == 0);
        return (new([.. examples.Select(example => table.Rows[KeyOf(example)])], [.. examples.Select(example => example.Label)]), table.Shape);
    }

    private string KeyOf(Example example) => encoder.KeyOf(example);

    private (double Reading, double Seconds) Compute(
        List<Example> missing, int groups, FeatureTable table, ScalarType type, IProgress<double>? progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        using IDisposable noGradient = no_grad();
        using IDisposable held = network.CastWeights(groups, type);
        using ForwardPass pass = ForwardPass.Begin(random: null, adapters);
        BatchReader reader = new(encoder, cancellation);
        int done = 0;
        foreach (Tensor raw in reader.Read(missing.Chunk(BatchSize).Select(batch => ((IReadOnlyList<Example>)batch, (AugmentedViews?)null))))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor output = network.Prefix(encoder.Normalize(raw, compute.Device, type), groups).Values.to(ScalarType.Float32).cpu().contiguous();
            table.Shape = output.shape[1..];
            int rows = (int)output.shape[0];
            float[] values = output.data<float>().ToArray();
            int width = values.Length / rows;
            for (int i = 0; i < rows; i++)
            {
                table.Rows[KeyOf(missing[done + i])] = values[(i * width)..((i + 1) * width)];
            }

            done += rows;
            NativeMemory.TrimAtStep(done / BatchSize);
            progress?.Report((double)done / missing.Count);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds - reader.WaitSeconds;
        table.Computed += missing.Count;
        table.ReadSeconds += reader.WaitSeconds;
        table.NetworkSeconds += seconds;
        return (reader.WaitSeconds, seconds);
    }
}
