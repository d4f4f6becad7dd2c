using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>An objective of the features of a batch alone: where a batch is too large for memory, they can be computed in parts.</summary>
public abstract record FeatureObjective : Objective
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="features">[N, width] float32.</param>
    /// <param name="targets">As the task gives them; null where the examples have none.</param>
    /// <returns>Its tensors belong to the present dispose scope.</returns>
    public abstract ObjectiveLoss Loss(Tensor features, Tensor? targets);

    /// <inheritdoc/>
    public sealed override ObjectiveLoss Loss(ObjectiveContext context, Batch x) => Loss(context.Features(x), x.Targets);

    /// <inheritdoc/>
    public override void Check(Phase phase)
    {
        base.Check(phase);
        if (phase.Trains == LayerSelector.Head)
        {
            throw new ArgumentException($"The objective '{Name}' moves the backbone, and the phase trains the head alone; let it train everything, or last-K.");
        }

        if (phase.Accumulation > 1)
        {
            throw new ArgumentException($"The objective '{Name}' compares the examples of one batch, which accumulation would cut; use a larger one.");
        }
    }
}
