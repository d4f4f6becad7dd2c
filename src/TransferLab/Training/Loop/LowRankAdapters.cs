using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>The low-rank updates of a network during a phase.</summary>
internal sealed class LowRankAdapters : IDisposable
{
    private readonly Dictionary<string, LowRankLayer>[] _groups;

    /// <summary>Puts updates beside the layers that a phase names, of the groups that it trains.</summary>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public LowRankAdapters(BackboneNetwork network, LayerSelector trains, Lora lora, int seed)
    {
        using RandomState random = RandomState.Seeded(seed);
        Dictionary<nn.Module, string> names = new(ReferenceEqualityComparer.Instance);
        foreach ((string name, nn.Module module) in network.Module.named_modules())
        {
            names.TryAdd(module, name);
        }

        _groups = [.. network.Groups.Select((group, i) => trains.Includes(i, network.Groups.Count) ? Beside(group, names, lora) : [])];
        if (Layers == 0)
        {
            throw new ArgumentException($"LoRA ({lora}) finds no such layer in what the phase trains; the layers are {string.Join(", ", names.Where(pair => pair.Key is Linear or Conv2d).Select(pair => pair.Value).Take(12))} ...");
        }
    }

    /// <summary>How many layers are adapted.</summary>
    public int Layers => _groups.Sum(group => group.Count);

    /// <summary>What trains of a layer group.</summary>
    public IEnumerable<Parameter> Of(int group) => _groups[group].Values.SelectMany(layer => new[] { layer.Down, layer.Up });

    /// <summary>All parameters by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => _groups.SelectMany(group => group).SelectMany(pair => new (string, Tensor)[]
    {
        ($"lora.{pair.Key}.down", pair.Value.Down), ($"lora.{pair.Key}.up", pair.Value.Up),
    });

    /// <summary>Adds the updates to the weights.</summary>
    public void Merge()
    {
        foreach (LowRankLayer layer in _groups.SelectMany(group => group.Values))
        {
            layer.Merge();
        }
    }

    public void Dispose()
    {
        foreach (LowRankLayer layer in _groups.SelectMany(group => group.Values))
        {
            layer.Dispose();
        }
    }

    private static Dictionary<string, LowRankLayer> Beside(LayerGroup group, Dictionary<nn.Module, string> names, Lora lora)
    {
        Dictionary<string, LowRankLayer> layers = [];
        foreach (nn.Module module in group.Modules.SelectMany(module => module.modules().Prepend(module)))
        {
            string name = names.TryGetValue(module, out string? known) ? known : $"{group.Name}.{layers.Count}";
            if (module is Linear or Conv2d && lora.Includes(name) && !layers.ContainsKey(name) && LowRankLayer.Beside(module, lora.Rank, lora.Alpha) is { } layer)
            {
                layers.Add(name, layer);
            }
        }

        return layers;
    }
}
