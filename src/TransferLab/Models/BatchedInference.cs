using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>Runs a network over any number of examples in batches, and keeps nothing of them but the result.</summary>
internal static class BatchedInference
{
    private const int BatchSize = 32;

    /// <summary>One row an example, in the order of the examples.</summary>
    /// <param name="encoder">How inputs reach the network.</param>
    /// <param name="compute">Where it runs.</param>
    /// <param name="type">Type of its inputs.</param>
    /// <param name="examples">Their targets are not looked at.</param>
    /// <param name="forward">Maps a batch to [N, ...].</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static float[][] Run(
        InputEncoder encoder, ComputeDevice compute, ScalarType type, IReadOnlyList<Example> examples, Func<Batch, Tensor> forward, IProgress<double>? progress,
            CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();

        // Like lengths side by side: little padding. The longest first: what they free fits the rest.
        int[] order = [.. Enumerable.Range(0, examples.Count).OrderByDescending(i => encoder.LengthOf(examples[i]))];
        IEnumerable<(IReadOnlyList<Example>, AugmentedViews?)> batches =
            order.Chunk(BatchSize).Select(batch => ((IReadOnlyList<Example>)[.. batch.Select(i => examples[i])], (AugmentedViews?)null));
        List<float[]> rows = [];
        foreach (Tensor raw in new BatchReader(encoder, cancellation).Read(batches))
        {
            using DisposeScope scope = NewDisposeScope();
            AddRows(rows, forward(encoder.Normalize(raw, compute.Device, type)));
            NativeMemory.TrimAtStep(rows.Count / BatchSize);
            progress?.Report((double)rows.Count / examples.Count);
        }

        float[][] sorted = [.. rows];
        Array.Sort(order, sorted);
        return sorted;
    }

    /// <summary>Adds the rows of [N, width] as float32.</summary>
    public static void AddRows(List<float[]> rows, Tensor values)
    {
        Tensor local = values.to(ScalarType.Float32).cpu().contiguous();
        rows.AddRange(local.data<float>().ToArray().Chunk((int)local.shape[1]));
    }
}
