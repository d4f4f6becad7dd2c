using TorchSharp;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>Cross-entropy of the labels.</summary>
public sealed record Classification : Objective
{
    /// <inheritdoc/>
    public override string Name => "classify";

    /// <inheritdoc/>
    public override double Weight(ObjectiveContext context, Batch x)
    {
        if (context.StratumWeights is not { } weights)
        {
            return x.Values.shape[0];
        }

        using DisposeScope scope = NewDisposeScope();
        return weights.index_select(0, x.Targets!).sum().item<float>();
    }

    /// <inheritdoc/>
    public override ObjectiveLoss Loss(ObjectiveContext context, Batch x)
    {
        Tensor logits = context.Outputs(x), labels = x.Targets!;
        return new(CrossEntropy(logits, labels, context), logits.argmax(1).eq(labels).sum(), labels.shape[0]);
    }

    /// <inheritdoc/>
    public override (double Loss, double Score) Validate(ObjectiveContext context, Batch x)
    {
        Tensor logits = context.Outputs(x), labels = x.Targets!, hits = logits.argmax(1).eq(labels);
        double loss = nn.functional.cross_entropy(logits, labels, weight: context.StratumWeights, reduction: nn.Reduction.Sum).item<float>();
        return (loss, context.StratumWeights is { } weights
            ? (hits.to(ScalarType.Float32) * weights.index_select(0, labels)).sum().item<float>()
            : hits.sum().item<long>());
    }

    /// <inheritdoc/>
    public override void Check(Phase phase)
    {
        if (phase.Solver == Solver.Lbfgs && phase.Trains != LayerSelector.Head)
        {
            throw new ArgumentException($"L-BFGS solves for a head alone, and the phase trains '{phase.Trains}'; use adamw or sgd, or train the head.");
        }
    }

    /// <summary>
    /// The mean loss: smoothed first, then every example weighs as its own class does. torch's own weighs the part that smoothing spreads by the classes that
    /// it is spread to, so that between classes of very different weights the label cancels out.
    /// </summary>
    private static Tensor CrossEntropy(Tensor logits, Tensor labels, ObjectiveContext context)
    {
        if (context.StratumWeights is not { } weights || context.LabelSmoothing == 0)
        {
            return nn.functional.cross_entropy(logits, labels, weight: context.StratumWeights, label_smoothing: context.LabelSmoothing);
        }

        Tensor own = weights.index_select(0, labels);                                                                                        // (N)
        Tensor losses = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None, label_smoothing: context.LabelSmoothing);  // (N)
        return (losses * own).sum() / own.sum();
    }
}
