using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>The loss of a training step, by a phase's objective. Owns the weights of the classes.</summary>
internal sealed class StepLoss(TransferNetwork network, FreezePlan plan, Phase phase, IReadOnlyList<Example> train, Balance balance, Device device) : IDisposable
{
    /// <summary>As published for texts (Gao et al. 2021).</summary>
    private const float Temperature = 0.05f;
    private static readonly Scalar s_tiny = 1e-12; // Kept: a temporary one may be freed during the call.
    private readonly Tensor? _weights = balance == Balance.Weights && phase.Objective == Objective.Classify
        ? tensor(ClassWeights.Of(train, network.Classes), device: device).DetachFromDisposeScope()
        : null;

    /// <summary>The examples of a batch as the objective needs them: each twice in a row of two halves, where it contrasts them.</summary>
    public IReadOnlyList<Example> Batch(IReadOnlyList<Example> batch) => phase.Objective == Objective.Contrast ? [.. batch, .. batch] : batch;

    /// <summary>The loss, and how many are right; both belong to the present dispose scope.</summary>
    /// <param name="x">Output of the frozen prefix.</param>
    /// <param name="labels">[N] int64.</param>
    public (Tensor Loss, Tensor Right) Of(Activation x, Tensor labels) => phase.Objective == Objective.Contrast ? Contrast(x) : Classify(x, labels);

    public void Dispose() => _weights?.Dispose();

    private (Tensor Loss, Tensor Right) Classify(Activation x, Tensor labels)
    {
        Tensor logits = network.Logits(x, plan.FrozenPrefix);
        return (nn.functional.cross_entropy(logits, labels, weight: _weights, label_smoothing: phase.LabelSmoothing), logits.argmax(1).eq(labels).sum());
    }

    private (Tensor Loss, Tensor Right) Contrast(Activation x)
    {
        Tensor features = network.Features(x, plan.FrozenPrefix);                            // (2 N, width)
        Tensor directions = features / features.norm(dim: 1, keepdim: true).clamp_min(s_tiny);
        long count = directions.shape[0] / 2;
        Tensor likeness = directions[..(int)count].mm(directions[(int)count..].t()).div(tensor(Temperature, device: directions.device));   // (N, N)
        Tensor self = Arithmetic.Count((int)count, directions.device);
        return (nn.functional.cross_entropy(likeness, self), likeness.argmax(1).eq(self).sum());
    }
}
