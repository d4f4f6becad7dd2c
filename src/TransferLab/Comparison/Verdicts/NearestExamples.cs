using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison;

/// <summary>Finds the training examples that the pretrained backbone takes for most alike, by the cosine of its features.</summary>
internal sealed class NearestExamples(Backbone backbone, ComputeDevice compute, FeatureCache cache, IReadOnlyList<Example> train)
{
    private const int Most = 3;
    private static readonly TorchSharp.Scalar s_tiny = 1e-12; // Kept: a temporary one may be freed during the call.

    /// <summary>The neighbours of each example, the nearest first.</summary>
    public IReadOnlyList<IReadOnlyList<Neighbour>> Of(IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        if (examples.Count == 0)
        {
            return [];
        }

        (BackboneNetwork network, IDisposable lease) = cache.Pretrained(backbone, compute);
        using IDisposable held = lease;
        FeatureExtractor extractor = new(network, backbone.Encoder, compute, cache);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor known = Directions(extractor, network, train, cancellation), asked = Directions(extractor, network, examples, cancellation);
        (Tensor cosines, Tensor indices) = asked.mm(known.t()).topk(Math.Min(Most, train.Count), dim: 1);      // (examples, Most)
        float[] cosine = cosines.data<float>().ToArray();
        long[] index = indices.data<long>().ToArray();
        int width = (int)cosines.shape[1];
        return [.. Enumerable.Range(0, examples.Count).Select(i => Enumerable.Range(i * width, width)
            .Select(at => new Neighbour(train[(int)index[at]].Source, train[(int)index[at]].Label, cosine[at])).ToArray())];
    }

    private static Tensor Directions(FeatureExtractor extractor, BackboneNetwork network, IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        (LabeledFeatures features, _) = extractor.Extract(examples, network.Groups.Count, clock: null, progress: null, cancellation);
        Tensor rows = tensor(features.Rows.SelectMany(row => row).ToArray(), [examples.Count, network.FeatureWidth]);
        return rows / rows.norm(dim: 1, keepdim: true).clamp_min(s_tiny);
    }
}
