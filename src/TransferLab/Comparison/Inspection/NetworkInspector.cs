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
    private readonly Backbone _backbone;
    private readonly ComputeDevice _compute;
    private readonly int[] _chosen;
    private readonly IReadOnlyList<Example> _examples;
    private readonly IReadOnlyList<IReadOnlyList<float[]>> _before;

    /// <summary>Runs the pretrained network.</summary>
    public NetworkInspector(Backbone backbone, ComputeDevice compute, IReadOnlyList<Example> test, CancellationToken cancellation)
    {
        (_backbone, _compute) = (backbone, compute);
        int[] all = [.. Enumerable.Range(0, test.Count)];
        new Random(Seed).Shuffle(all);
        _chosen = [.. all.Take(Most).Order()];
        _examples = [.. _chosen.Select(i => test[i])];
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.to(compute.Device);
        _before = GroupOutputs.Of(network, backbone.Encoder, compute, _examples, cancellation);
        Before = Project(_before[^1]);
    }

    /// <summary>The features of pretraining.</summary>
    public Projection Before { get; }

    /// <summary>What is different in a trained network.</summary>
    public (IReadOnlyList<LayerChange> Layers, Projection After) Compare(TransferNetwork trained, CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<float[]>> after = GroupOutputs.Of(trained.Backbone, _backbone.Encoder, _compute, _examples, cancellation, trained.Adapters);
        using BackboneNetwork pretrained = _backbone.CreatePretrained(); // Anew, so that no second copy of the weights lies in memory while strategies train.
        pretrained.Module.to(_compute.Device);
        return (
            [.. trained.Backbone.Groups.Select((group, g) =>
                new LayerChange(group.Name, Distance(pretrained.Groups[g], group), FeatureMatrix.Cka(_before[g], after[g])))],
            Project(after[^1]));
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
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> was = Named(before);
        double moved = 0;
        foreach ((string name, Tensor now) in Named(after))
        {
            moved += Squares(was.TryGetValue(name, out Tensor? value) && value.shape.SequenceEqual(now.shape) ? now.Minus(value) : now);
        }

        double length = was.Values.Sum(Squares);
        return length > 0 ? Math.Sqrt(moved / length) : 0;
    }

    private static Dictionary<string, Tensor> Named(LayerGroup group) => group.Modules
        .SelectMany((module, m) => module.named_parameters().Select(p => ($"{m}.{p.name}", p.parameter.detach().to(ScalarType.Float64))))
        .ToDictionary(p => p.Item1, p => p.Item2);

    private static double Squares(Tensor values) => (values * values).sum().item<double>();
}
