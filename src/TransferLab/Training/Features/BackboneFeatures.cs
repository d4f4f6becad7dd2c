using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;

namespace TransferLab.Training;

/// <summary>
/// What a backbone makes of examples, as plain numbers: for a look at its features, for nearest neighbours, for trainers of one's own. The network runs in
/// evaluation mode and is freed again.
/// </summary>
public static class BackboneFeatures
{
    /// <summary>Computes the features of the pretrained backbone.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="examples">Images or texts, as its encoder reads them.</param>
    /// <param name="compute">Where it runs.</param>
    /// <param name="groups">How many of its layer groups run, 1 or more; all where not given. What comes out is pooled to one vector an example.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    public static LabeledFeatures Compute(Backbone backbone, IReadOnlyList<Example> examples, ComputeDevice compute, int? groups = null,
        CancellationToken cancellation = default) =>
        Run(backbone.CreatePretrained(), backbone.Encoder, examples, compute, groups, cancellation);

    /// <summary>The same of its random twin: the same network without pretraining, the control.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="seed">Decides the random weights.</param>
    /// <param name="examples">Images or texts, as its encoder reads them.</param>
    /// <param name="compute">Where it runs.</param>
    /// <param name="groups">How many of its layer groups run; all where not given.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    public static LabeledFeatures ComputeRandom(Backbone backbone, int seed, IReadOnlyList<Example> examples, ComputeDevice compute, int? groups = null,
        CancellationToken cancellation = default) =>
        Run(backbone.CreateRandom(Seeds.Mix(seed, "weights")), backbone.Encoder, examples, compute, groups, cancellation);

    private static LabeledFeatures Run(BackboneNetwork network, InputEncoder encoder, IReadOnlyList<Example> examples, ComputeDevice compute, int? groups,
        CancellationToken cancellation)
    {
        using IDisposable owned = network;
        int all = network.Groups.Count, run = groups ?? all;
        if (run < 1 || run > all)
        {
            throw new ArgumentOutOfRangeException(nameof(groups), groups, $"This backbone has {all} layer groups; run 1 to {all} of them, not {groups}.");
        }

        if (run < all && encoder.Kind == "text")
        {
            throw new ArgumentException("Between layer groups texts are padded, and have no features of their own; run all groups.", nameof(groups));
        }

        network.Module.to(compute.Device);
        network.Module.eval();
        (LabeledFeatures features, long[] shape) = new FeatureExtractor(network, encoder, compute, new FeatureCache()).Extract(examples, run, clock: null,
            progress: null, cancellation);
        return run == all ? features : new([.. features.Rows.Select(row => Pooled(row, shape))], features.Labels);
    }

    /// <summary>The mean over all positions of maps [C, H, W]; other shapes as they are.</summary>
    private static float[] Pooled(float[] row, long[] shape)
    {
        if (shape.Length != 3)
        {
            return row;
        }

        float[] mean = new float[shape[0]];
        int positions = row.Length / mean.Length;
        for (int i = 0; i < row.Length; i++)
        {
            mean[i / positions] += row[i] / positions;
        }

        return mean;
    }
}
