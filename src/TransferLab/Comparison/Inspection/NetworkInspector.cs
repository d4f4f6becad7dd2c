using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>Looks at what training changed in a network, against the pretrained one, on a few test examples. The labels are not looked at.</summary>
internal sealed class NetworkInspector
{
    private const int Most = 200;
    private const int Seed = 31;
    private const long ValuesAtOnce = 1 << 20;
    private readonly Backbone _backbone;
    private readonly ComputeDevice _compute;
    private readonly int[] _chosen;
    private readonly IReadOnlyList<Example> _examples;
    private IReadOnlyList<IReadOnlyList<float[]>>? _before;

    /// <summary>Chooses the examples.</summary>
    public NetworkInspector(Backbone backbone, ComputeDevice compute, IReadOnlyList<Example> test)
    {
        (_backbone, _compute) = (backbone, compute);
        int[] all = [.. Enumerable.Range(0, test.Count)];
        new Random(Seed).Shuffle(all);
        _chosen = [.. all.Take(Most).Order()];
        _examples = [.. _chosen.Select(i => test[i])];
    }

    /// <summary>What is different in a trained network: its layers, and the features of pretraining and its own.</summary>
    public (IReadOnlyList<LayerChange> Layers, Projection Before, Projection After) Compare(TransferNetwork trained, CancellationToken cancellation)
    {
        using BackboneNetwork pretrained = _backbone.CreatePretrained(); // Anew, so that no second copy of the weights lies in memory while strategies train.
        pretrained.Module.to(_compute.Device);
        _before ??= GroupOutputs.Of(pretrained, _backbone.Encoder, _compute, _examples, cancellation);
        IReadOnlyList<IReadOnlyList<float[]>> before = _before, after = GroupOutputs.Of(trained.Backbone, _backbone.Encoder, _compute, _examples, cancellation,
            trained.ActiveAdapters);
        return (
            [.. trained.Backbone.Groups.Select((group, g) =>
                new LayerChange(group.Name, Distance(pretrained.Groups[g], group), FeatureMatrix.Cka(before[g], after[g])))],
            Project(before[^1]), Project(after[^1]));
    }

    private Projection Project(IReadOnlyList<float[]> rows)
    {
        (IReadOnlyList<(double X, double Y)> points, double first, double second) = FeatureMatrix.Plane(rows);
        return new()
        {
            Examples = _chosen,
            X = [.. points.Select(p => (float)p.X)],
            Y = [.. points.Select(p => (float)p.Y)],
            ExplainedX = first,
            ExplainedY = second,
        };
    }

    // Weights that were added to a group (of adapters, say) have nothing to be compared with; they count as moved from zero.
    private static double Distance(LayerGroup before, LayerGroup after)
    {
        Dictionary<string, Tensor> was = Named(before);
        double moved = Named(after).Sum(now =>
            Squares(now.Value, was.TryGetValue(now.Key, out Tensor? value) && value.shape.SequenceEqual(now.Value.shape) ? value : null));
        double length = was.Values.Sum(value => Squares(value));
        return length > 0 ? Math.Sqrt(moved / length) : 0;
    }

    private static Dictionary<string, Tensor> Named(LayerGroup group) => group.Modules
        .SelectMany((module, m) => module.named_parameters().Select(p => ($"{m}.{p.name}", p.parameter)))
        .ToDictionary(p => p.Item1, p => (Tensor)p.Item2);

    /// <summary>Sum of the squares of values, or of their differences from others, in float64: some at a time, since a table of words is large.</summary>
    private static double Squares(Tensor values, Tensor? others = null)
    {
        using IDisposable noGradient = no_grad();
        double sum = 0;
        for (long first = 0; first < values.numel(); first += ValuesAtOnce)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor some = Some(values, first);
            some = others is null ? some : some.Minus(Some(others, first));
            sum += (some * some).sum().item<double>();
        }

        return sum;
    }

    private static Tensor Some(Tensor values, long first) =>
        values.reshape(-1).narrow(0, first, Math.Min(ValuesAtOnce, values.numel() - first)).to(ScalarType.Float64);
}
