using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>A rule that moves parameters along their gradients, with a state that can be kept.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Updates so far.</summary>
    int Steps { get; set; }

    /// <summary>Its state, in the order of the parameters.</summary>
    IEnumerable<(string Name, Tensor Value)> Moments();

    /// <summary>Adds parameters that share a peak rate and a weight decay.</summary>
    void Add(IEnumerable<Parameter> parameters, double peakRate, double weightDecay);

    /// <summary>One update, at a share of the peak rates. Parameters without a gradient stay as they are.</summary>
    void Step(double share);
}
