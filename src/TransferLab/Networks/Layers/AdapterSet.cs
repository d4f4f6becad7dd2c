using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// The low-rank updates of one network: they count in its forward passes, and in those of no other that shares the backbone. Owns their parameters.
/// </summary>
internal sealed class AdapterSet : IDisposable
{
    private readonly Dictionary<string, LowRankLayer>[] _groups;
    private readonly Dictionary<nn.Module, LowRankLayer> _byLayer = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LowRankLayer, Tensor> _originals = [];

    /// <summary>Puts updates beside layers.</summary>
    /// <param name="network">The backbone; it stays as it is.</param>
    /// <param name="rank">Rank of the updates.</param>
    /// <param name="alpha">Their strength: alpha / rank.</param>
    /// <param name="isInGroup">Whether the layer group of an index has some.</param>
    /// <param name="isAdapted">Whether the layer of a name has one.</param>
    /// <param name="seed">Of their weights.</param>
    public AdapterSet(BackboneNetwork network, int rank, double alpha, Predicate<int> isInGroup, Predicate<string> isAdapted, int seed)
    {
        using RandomState random = RandomState.Seeded(seed);
        (Rank, Alpha) = (rank, alpha);
        Dictionary<nn.Module, string> names = new(ReferenceEqualityComparer.Instance);
        foreach ((string name, nn.Module module) in network.Module.named_modules())
        {
            names.TryAdd(module, name);
        }

        _groups = [.. network.Groups.Select((group, i) => isInGroup(i) ? Beside(group, names, isAdapted) : [])];
        Candidates = [.. names.Where(pair => pair.Key is Linear or Conv2d).Select(pair => pair.Value)];
    }

    /// <summary>Rank of the updates; no layer has more than the smaller side of its matrix.</summary>
    public int Rank { get; }

    /// <summary>Strength of the updates.</summary>
    public double Alpha { get; }

    /// <summary>Names of all layers that could be adapted.</summary>
    public IReadOnlyList<string> Candidates { get; }

    /// <summary>How many layers are adapted.</summary>
    public int Layers => _byLayer.Count;

    /// <summary>Whether they are in the weights for now, and so count in no forward pass.</summary>
    public bool IsMerged => _originals.Count > 0;

    /// <summary>The updates by the names of their layers.</summary>
    public IEnumerable<KeyValuePair<string, LowRankLayer>> Updates => _groups.SelectMany(group => group);

    /// <summary>The update of a layer; null where it has none.</summary>
    public LowRankLayer? Of(nn.Module layer) => _byLayer.GetValueOrDefault(layer);

    /// <summary>What trains of a layer group.</summary>
    public IEnumerable<Parameter> Parameters(int group) => _groups[group].Values.SelectMany(layer => new[] { layer.Down, layer.Up });

    /// <summary>All parameters by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => Updates.SelectMany(pair => new (string, Tensor)[]
    {
        ($"lora.{pair.Key}.down", pair.Value.Down), ($"lora.{pair.Key}.up", pair.Value.Up),
    });

    /// <summary>Adds the updates to the weights of the backbone.</summary>
    public void Merge()
    {
        foreach (LowRankLayer layer in _byLayer.Values)
        {
            layer.Merge();
        }
    }

    /// <summary>Adds the updates to the weights, which are kept as they were until <see cref="Unmerge"/>.</summary>
    public void MergeForNow()
    {
        foreach (LowRankLayer layer in _byLayer.Values.Where(layer => !_originals.ContainsKey(layer)))
        {
            _originals.Add(layer, layer.Weight.Copied());
            layer.Merge();
        }
    }

    /// <summary>Puts the weights back, bit for bit.</summary>
    public void Unmerge()
    {
        using IDisposable noGradient = no_grad();
        foreach ((LowRankLayer layer, Tensor original) in _originals)
        {
            layer.Weight.copy_(original);
            original.Dispose();
        }

        _originals.Clear();
    }

    public void Dispose()
    {
        foreach (LowRankLayer layer in _byLayer.Values)
        {
            layer.Dispose();
        }

        foreach (Tensor original in _originals.Values)
        {
            original.Dispose();
        }
    }

    private Dictionary<string, LowRankLayer> Beside(LayerGroup group, Dictionary<nn.Module, string> names, Predicate<string> isAdapted)
    {
        Dictionary<string, LowRankLayer> layers = [];
        foreach (nn.Module module in group.Modules.SelectMany(module => module.modules().Prepend(module)))
        {
            string name = names.TryGetValue(module, out string? known) ? known : $"{group.Name}.{layers.Count}";
            if (module is Linear or Conv2d && isAdapted(name) && !layers.ContainsKey(name) && LowRankLayer.Beside(module, Rank, Alpha, this) is { } layer)
            {
                layers.Add(name, layer);
                _byLayer.Add(module, layer);
            }
        }

        return layers;
    }
}
