using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>A network's gradient flags and modes at one moment, and what of its weights and statistics training moves from then on.</summary>
internal sealed class NetworkSnapshot(TransferNetwork network) : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = [];
    private readonly List<(Parameter Parameter, bool Trains)> _flags = [.. network.Parameters.Select(parameter => (parameter, parameter.requires_grad))];
    private readonly List<(nn.Module Module, bool Training)> _modes = [.. Modules(network).Select(module => (module, module.training))];

    /// <summary>Names of what was copied.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Copies the head, and of the backbone what trains now: called when flags and modes are those of the training to come.</summary>
    public void KeepMoving()
    {
        HashSet<string> moving = [.. network.MovingInBackbone()];
        foreach ((string name, Tensor value) in State().Where(item => item.IsHead || moving.Contains(item.Name)).Select(item => (item.Name, item.Value)))
        {
            _values.Add(name, value.Copied());
        }
    }

    /// <summary>Puts everything back, and forgets gradients.</summary>
    public void Restore()
    {
        using (no_grad())
        {
            foreach ((string name, Tensor value, _) in State().Where(item => _values.ContainsKey(item.Name)))
            {
                value.copy_(_values[name]);
            }
        }

        foreach ((Parameter parameter, bool trains) in _flags)
        {
            parameter.grad = null;
            parameter.requires_grad = trains;
        }

        foreach ((nn.Module module, bool training) in _modes) // From the outside in: a mode reaches all that is inside.
        {
            module.train(training);
        }
    }

    public void Dispose()
    {
        foreach (Tensor value in _values.Values)
        {
            value.Dispose();
        }
    }

    /// <summary>Weights and statistics, those of adapters left out: they go when training is over.</summary>
    private IEnumerable<(string Name, Tensor Value, bool IsHead)> State() =>
    [
        .. network.Backbone.Module.state_dict().Select(pair => (pair.Key, pair.Value, false)),
        .. network.Head.State().Select(item => (item.Name, item.Value, true)),
    ];

    private static IEnumerable<nn.Module> Modules(TransferNetwork network) =>
        network.Backbone.Module.modules().Prepend(network.Backbone.Module).Concat(network.Head.Modules.Select(item => item.Module));
}
