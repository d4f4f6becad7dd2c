using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Backbones;

/// <summary>A live network: ordered layer groups from input to output, then pooling to one feature vector an example. Owns its tensors.</summary>
public sealed class BackboneNetwork : IDisposable
{
    /// <summary>Wraps a module and the ordered list of its layer groups.</summary>
    /// <param name="module">The module that owns all parameters; disposed with this network.</param>
    /// <param name="groups">Its layer groups from input to output. Fed one into the next they give [N, C, H, W], which is averaged over H and W, or [N, C].</param>
    /// <param name="featureWidth">C, the width of the feature vector.</param>
    /// <exception cref="ArgumentException">A parameter of the module belongs to no group, or to two.</exception>
    public BackboneNetwork(Module module, IReadOnlyList<LayerGroup> groups, int featureWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureWidth);
        Module = module;
        Groups = groups;
        FeatureWidth = featureWidth;
        CheckGroups();
    }

    /// <summary>The module that owns all parameters.</summary>
    public Module Module { get; }

    /// <summary>Layer groups from input to output.</summary>
    public IReadOnlyList<LayerGroup> Groups { get; }

    /// <summary>Width of the feature vector.</summary>
    public int FeatureWidth { get; }

    /// <summary>Whether the network computes in the type of its input, so that bfloat16 images run in bfloat16 over float32 parameters.</summary>
    public bool FollowsInputType { get; init; }

    /// <summary>Runs the groups [<paramref name="first"/>, <paramref name="last"/>); the caller owns the result.</summary>
    public Tensor Forward(Tensor x, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            x = Groups[i].Forward(x);
        }

        return x;
    }

    /// <summary>Pools the output of the last group to float32 features [N, <see cref="FeatureWidth"/>].</summary>
    public static Tensor Pool(Tensor x) => x.to(ScalarType.Float32) switch
    {
        { Dimensions: 4 } maps => maps.mean([2, 3]),
        { Dimensions: 2 } features => features,
        var other => throw new ArgumentException($"A backbone ends in [N, C, H, W] or [N, C]; this one ends in [{string.Join(", ", other.shape)}]."),
    };

    /// <summary>Prepares the first <paramref name="groups"/> groups for many batches with unchanged weights, until disposed.</summary>
    internal IDisposable Hold(int groups, ScalarType type) =>
        new Disposables([.. Groups.Take(groups).SelectMany(group => group.Hold(type))]);

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();

    private void CheckGroups()
    {
        HashSet<IntPtr> seen = [];
        foreach (LayerGroup group in Groups)
        {
            foreach (Module module in group.Modules)
            {
                foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
                {
                    if (!seen.Add(parameter.Handle))
                    {
                        throw new ArgumentException($"Parameter '{name}' of layer group '{group.Name}' is in an earlier group too; each belongs to one.", nameof(Groups));
                    }
                }
            }
        }

        string[] orphans = [.. Module.named_parameters().Where(p => !seen.Contains(p.parameter.Handle)).Select(p => p.name)];
        if (orphans.Length > 0)
        {
            throw new ArgumentException($"Parameters in no layer group: {string.Join(", ", orphans)}. Add their modules to a group.", nameof(Groups));
        }
    }

    private sealed class Disposables(IReadOnlyList<IDisposable> items) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable item in items)
            {
                item.Dispose();
            }
        }
    }
}
