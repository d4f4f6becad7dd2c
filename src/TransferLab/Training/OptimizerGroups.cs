using TorchSharp.Modules;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>AdamW over what a phase trains: one rate a layer group, weight decay only for matrices and kernels.</summary>
internal sealed class OptimizerGroups : IDisposable
{
    private readonly AdamW _optimizer;
    private readonly double[] _peaks;

    public OptimizerGroups(TransferNetwork network, FreezePlan plan, Phase phase)
    {
        List<AdamW.ParamGroup> groups = [];
        List<double> peaks = [];
        int count = network.Backbone.Groups.Count;
        for (int i = 0; i < count; i++)
        {
            if (plan.Groups[i].Trains)
            {
                double depth = count == 1 ? 0 : (count - 1.0 - i) / (count - 1);
                Add(network.Backbone.Groups[i].Parameters, phase.LearningRate * Math.Pow(phase.FirstGroupRate, depth));
            }
        }

        Add(network.Head.parameters(), phase.HeadLearningRate);
        _optimizer = new AdamW(groups, lr: phase.LearningRate);
        _peaks = [.. peaks];

        void Add(IEnumerable<Parameter> parameters, double rate)
        {
            foreach (IGrouping<bool, Parameter> kind in parameters.Where(p => p.requires_grad).GroupBy(p => p.dim() > 1))
            {
                groups.Add(new(kind, new AdamW.Options { LearningRate = rate, weight_decay = kind.Key ? phase.WeightDecay : 0, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }));
                peaks.Add(rate);
            }
        }
    }

    /// <summary>Sets all rates to a share of their peaks.</summary>
    public void SetRate(double share)
    {
        int i = 0;
        foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
        {
            group.LearningRate = share * _peaks[i++];
        }
    }

    public void ZeroGradients() => _optimizer.zero_grad();

    public void Step()
    {
        using IDisposable noGradient = no_grad();
        _optimizer.step();
    }

    public void Dispose() => _optimizer.Dispose();
}
