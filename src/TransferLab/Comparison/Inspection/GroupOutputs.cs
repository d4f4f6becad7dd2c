using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>What every layer group of a network makes of some examples, averaged over positions to one vector an example.</summary>
internal static class GroupOutputs
{
    private const int BatchSize = 32;

    /// <summary>Runs the backbone once, in evaluation mode.</summary>
    /// <returns>[groups + 1][N][width]; the last are the pooled features.</returns>
    public static IReadOnlyList<IReadOnlyList<float[]>> Of(
        BackboneNetwork network, InputEncoder encoder, ComputeDevice compute, IReadOnlyList<Example> examples, CancellationToken cancellation,
        AdapterSet? adapters = null)
    {
        using IDisposable noGradient = no_grad();
        using ForwardPass pass = ForwardPass.Begin(random: null, adapters);
        network.Module.eval();
        List<float[]>[] rows = [.. Enumerable.Range(0, network.Groups.Count + 1).Select(_ => new List<float[]>())];
        foreach (Example[] batch in examples.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Batch x = encoder.Normalize(encoder.Encode(batch, null, cancellation), compute.Device, compute.TypeFor(network));
            for (int group = 0; group < network.Groups.Count; group++)
            {
                x = network.Forward(x, group, group + 1);
                Add(rows[group], Vector(x));
            }

            Add(rows[^1], network.Pool(x));
            NativeMemory.TrimAtStep(rows[0].Count / BatchSize);
        }

        return rows;
    }

    private static Tensor Vector(Batch x)
    {
        Tensor values = x.Values.to(ScalarType.Float32);
        if (values.Dimensions != 3 || x.Mask is null)
        {
            return values.Dimensions switch { 4 => values.mean([2, 3]), 3 => values.mean([1]), _ => values };
        }

        Tensor weights = x.Mask.to(ScalarType.Float32).unsqueeze(2);                    // (N, T, 1)
        return (values * weights).sum(new long[] { 1 }) / weights.sum(new long[] { 1 }); // (N, C)
    }

    private static void Add(List<float[]> rows, Tensor values)
    {
        using Tensor flat = values.to(ScalarType.Float32).cpu().contiguous();
        rows.AddRange(flat.data<float>().ToArray().Chunk((int)flat.shape[1]));
    }
}
