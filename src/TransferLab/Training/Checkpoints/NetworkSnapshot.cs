using TorchSharp.Modules;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>A network's weights, statistics, gradient flags and modes at one moment.</summary>
internal sealed class NetworkSnapshot(TransferNetwork network) : IDisposable
{
    private readonly Dictionary<string, Tensor> _values =
        network.State().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone().DetachFromDisposeScope());
    private readonly List<(Parameter Parameter, bool Trains)> _flags = [.. network.Parameters.Select(parameter => (parameter, parameter.requires_grad))];
    private readonly List<(nn.Module Module, bool Training)> _modes = [.. Modules(network).Select(module => (module, module.training))];

    /// <summary>Puts everything back, and forgets gradients.</summary>
    public void Restore()
    {
        using (no_grad())
        {
            foreach ((string name, Tensor value) in network.State())
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

    private static IEnumerable<nn.Module> Modules(TransferNetwork network) =>
        network.Backbone.Module.modules().Prepend(network.Backbone.Module).Concat(network.Head.Modules.Select(item => item.Module));
}
