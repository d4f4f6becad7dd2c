using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Stochastic gradient descent with momentum, weight decay being part of the gradient, as torch.optim.SGD computes it: neither dampened nor
/// Nesterov's.</summary>
internal sealed class MomentumSgd(double momentum) : IOptimizer
{
    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Steps { get; set; }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> Moments() => _entries.Select((entry, i) => ($"{i}.velocity", entry.Velocity));

    /// <inheritdoc/>
    public void Add(IEnumerable<Parameter> parameters, double peakRate, double weightDecay)
    {
        foreach (Parameter parameter in parameters)
        {
            _entries.Add(new(parameter, zeros_like(parameter, requires_grad: false).DetachFromDisposeScope(), peakRate, weightDecay));
        }
    }

    /// <inheritdoc/>
    public void Step(double share)
    {
        Steps++;
        foreach (Entry entry in _entries)
        {
            using DisposeScope scope = NewDisposeScope();
            if (entry.Parameter.grad is { } gradient)
            {
                Device device = entry.Parameter.device;
                entry.Velocity.mul_(tensor((float)momentum, device: device)).PlusInPlace(gradient);
                if (entry.WeightDecay > 0)
                {
                    entry.Velocity.PlusInPlace(entry.Parameter * tensor((float)entry.WeightDecay, device: device));
                }

                entry.Parameter.MinusInPlace(entry.Velocity * tensor((float)(share * entry.PeakRate), device: device));
            }
        }
    }

    public void Dispose() => _entries.ForEach(entry => entry.Velocity.Dispose());

    private sealed record Entry(Parameter Parameter, Tensor Velocity, double PeakRate, double WeightDecay);
}
