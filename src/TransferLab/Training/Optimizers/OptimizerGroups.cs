using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>The optimizer of a phase over what it trains: one rate a layer group, weight decay where the phase says.</summary>
internal sealed class OptimizerGroups : IDisposable
{
    private const double DefaultRate = 1e-3;
    private readonly Parameter[] _parameters;
    private readonly IOptimizer? _own;
    private readonly AdamW? _general;
    private readonly TrainedCopies? _copies;
    private readonly List<double> _peaks = [];

    /// <param name="network">What is trained.</param>
    /// <param name="plan">Which of its groups.</param>
    /// <param name="phase">By what rule.</param>
    /// <param name="type">In which the network computes.</param>
    public OptimizerGroups(TransferNetwork network, FreezePlan plan, Phase phase, ScalarType type)
    {
        List<(Parameter[] Parameters, double Rate, double Decay)> groups = [.. Groups(network, plan, phase)];
        _parameters = [.. groups.SelectMany(group => group.Parameters)];
        bool isPlain = _parameters.All(p => p.device_type == DeviceType.CPU && p.dtype == ScalarType.Float32 && p.is_contiguous());
        _own = phase.Solver switch
        {
            Solver.Sgd => new MomentumSgd(phase.Momentum),
            Solver.Muon => new Muon(isPlain ? new FusedAdamW() : throw new NotSupportedException(
                "Muon moves float32 weights in the CPU's memory alone; take AdamW on other devices."), Tables(network), type),
            _ => isPlain ? new FusedAdamW(_copies = Copies(type)) : null,
        };
        if (_own is not null)
        {
            groups.ForEach(group => _own.Add(group.Parameters, group.Rate, group.Decay));
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

    /// <summary>Whether its state can be kept: that of the library's own optimizers.</summary>
    public bool HasMoments => _own is not null;

    /// <summary>Updates so far.</summary>
    public int Steps
    {
        get => _own?.Steps ?? 0;
        set => _own!.Steps = value;
    }

    /// <summary>The state by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> Moments() => _own?.Moments() ?? [];

    /// <summary>Forgets gradients.</summary>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.grad = null;
        }

        _copies?.ZeroGradients();
    }

    /// <summary>Makes room for another backward pass of the same step: gradients of less precision are added up in float32.</summary>
    public void GatherGradients() => _copies?.Gather();

    /// <summary>The norm of all gradients together.</summary>
    public double GradientNorm()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Math.Sqrt(_parameters.Select(Gradient).OfType<Tensor>().Sum(gradient =>
        {
            double norm = gradient.dtype == ScalarType.BFloat16 ? BFloat16s.Norm(gradient) : gradient.norm().item<float>();
            return norm * norm;
        }));
    }

    /// <summary>Multiplies all gradients.</summary>
    public void ScaleGradients(double factor)
    {
        if (_own is FusedAdamW fused)
        {
            fused.GradientScale *= factor; // In its one pass.
            return;
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach (Tensor gradient in _parameters.Select(parameter => parameter.grad).OfType<Tensor>())
        {
            gradient.mul_(tensor((float)factor, device: gradient.device));
        }
    }

    /// <summary>One update, at a share of the peak rates.</summary>
    public void Step(double share)
    {
        using IDisposable noGradient = no_grad();
        _own?.Step(share);
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
        _own?.Dispose();
        _general?.Dispose();
        _copies?.Dispose();
    }

    /// <summary>The gradient of a parameter or of its copy, of both together where there are both; null where there is none.</summary>
    private Tensor? Gradient(Parameter parameter)
    {
        if (parameter.grad is not { } own)
        {
            return _copies?.Of(parameter)?.Value?.grad;
        }

        _copies?.Of(parameter)?.Gather();
        return own;
    }

    private TrainedCopies? Copies(ScalarType type) =>
        type == ScalarType.BFloat16 ? new(_parameters.Where(parameter => parameter.dim() > 1), type) : null;

    private static IEnumerable<(Parameter[], double Rate, double Decay)> Groups(TransferNetwork network, FreezePlan plan, Phase phase)
    {
        int count = network.Backbone.Groups.Count;
        IEnumerable<(IEnumerable<Parameter> Parameters, double Rate)> layers = Enumerable.Range(0, count)
            .Where(i => plan.Groups[i].Trains)
            .Select(i => (network.Backbone.Groups[i].Parameters.Concat(network.Adapters?.Parameters(i) ?? []), RateOf(i, count, phase)));
        foreach ((IEnumerable<Parameter> parameters, double rate) in layers.Append((network.Head.Parameters, phase.HeadLearningRate)))
        {
            foreach (IGrouping<bool, Parameter> kind in parameters.Where(p => p.requires_grad).GroupBy(p => p.dim() > 1))
            {
                yield return ([.. kind], rate, kind.Key || phase.Decays == DecayedParameters.All ? phase.WeightDecay : 0);
            }
        }
    }

    private static HashSet<Parameter> Tables(TransferNetwork network) =>
        new(network.Backbone.Module.modules().OfType<TokenEmbedding>().SelectMany(table => table.parameters()).Concat(network.Head.Parameters),
            ReferenceEqualityComparer.Instance);

    private static double RateOf(int group, int groups, Phase phase) =>
        (phase.LearningRate ?? DefaultRate) * Math.Pow(phase.FirstGroupRate ?? 1, groups == 1 ? 0 : (groups - 1.0 - group) / (groups - 1));
}
