using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>What an objective computes with.</summary>
/// <param name="Network">Moved by the phase.</param>
/// <param name="Task">What is predicted.</param>
/// <param name="FrozenPrefix">Layer groups that batches have passed already.</param>
/// <param name="LabelSmoothing">Share of a label's probability that is spread over all classes.</param>
/// <param name="StratumWeights">[strata] float32, what the examples of a stratum weigh; null where all weigh the same.</param>
public sealed record ObjectiveContext(TransferNetwork Network, PredictionTask Task, int FrozenPrefix, double LabelSmoothing = 0, Tensor? StratumWeights = null)
{
    /// <summary>Outputs of the network for a batch, [N, outputs] float32.</summary>
    public Tensor Outputs(Batch x) => Network.Logits(x, FrozenPrefix);

    /// <summary>The last layer group's output for a batch, not pooled: [N, T, width] for texts, in the network's type.</summary>
    public Tensor Hidden(Batch x) => Network.Hidden(x, FrozenPrefix);

    /// <summary>Features for a batch, [N, width] float32.</summary>
    public Tensor Features(Batch x) => Network.Features(x, FrozenPrefix);
}
