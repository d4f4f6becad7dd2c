using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>AdamW over what a phase trains: one rate a layer group, weight decay only for matrices and kernels.</summary>
internal sealed class OptimizerGroups : IDisposable
{
    private const double DefaultRate = 1e-3;
    private readonly FusedAdamW? _fused;
    private readonly AdamW? _general;
    private readonly List<double> _peaks = [];

    public OptimizerGroups(TransferNetwork network, FreezePlan plan, Phase phase)
    {
        List<(Parameter[] Parameters, double Rate, double Decay)> groups = [.. Groups(network, plan, phase)];
        if (groups.All(group => group.Parameters.All(p => p.device_type == DeviceType.CPU && p.dtype == ScalarType.Float32 && p.is_contiguous())))
        {
            _fused = new();
            groups.ForEach(group => _fused.Add(group.Parameters, group.Rate, group.Decay));
            return;
        }

        _peaks = [.. groups.Select(group => group.Rate)];
        _general = new AdamW(groups.Select(group => new AdamW.ParamGroup(group.Parameters, new AdamW.Options
        {
            LearningRate = group.Rate,
            weight_decay = group.Decay,
            beta1 = 0.9,
            beta2 = 0.999,
            eps = 1e-8,
        })), lr: groups[^1].Rate);
    }

    /// <summary>Whether its state can be kept: that of the library's own optimizer.</summary>
    public bool HasMoments => _fused is not null;

    /// <summary>Updates so far.</summary>
    public int Steps
    {
        get => _fused?.Steps ?? 0;
        set => _fused!.Steps = value;
    }

    /// <summary>First and second moments by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> Moments() => _fused?.Moments() ?? [];

    /// <summary>Forgets gradients.</summary>
    public void ZeroGradients()
    {
        _fused?.ZeroGradients();
        _general?.zero_grad();
    }

    /// <summary>One update, at a share of the peak rates.</summary>
    public void Step(double share)
    {
        using IDisposable noGradient = no_grad();
        _fused?.Step(share);
        if (_general is not null)
        {
            int i = 0;
            foreach (optim.ILearningRateController group in _general.ParamGroups)
            {
                group.LearningRate = share * _peaks[i++];
            }

            _general.step();
        }
    }

    /// <summary>Forgets the last step's gradients too: they are as large as what trained.</summary>
    public void Dispose()
    {
        ZeroGradients();
        _fused?.Dispose();
        _general?.Dispose();
    }

    private static IEnumerable<(Parameter[], double Rate, double Decay)> Groups(TransferNetwork network, FreezePlan plan, Phase phase)
    {
        int count = network.Backbone.Groups.Count;
        IEnumerable<(IEnumerable<Parameter> Parameters, double Rate)> layers = Enumerable.Range(0, count)
            .Where(i => plan.Groups[i].Trains)
            .Select(i => (network.Backbone.Groups[i].Parameters.Concat(network.Adapters?.Of(i) ?? []), (phase.LearningRate ?? DefaultRate) * Math.Pow(phase.FirstGroupRate ?? 1, count == 1 ? 0 : (count - 1.0 - i) / (count - 1))));
        foreach ((IEnumerable<Parameter> parameters, double rate) in layers.Append((network.HeadParameters, phase.HeadLearningRate)))
        {
            foreach (IGrouping<bool, Parameter> kind in parameters.Where(p => p.requires_grad).GroupBy(p => p.dim() > 1))
            {
                yield return ([.. kind], rate, kind.Key ? phase.WeightDecay : 0);
            }
        }
    }
}
