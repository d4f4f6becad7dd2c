using TransferLab.Networks;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Extensions.Tests;

/// <summary>An objective of one's own: the mean squared error, scored by how many predictions are within one half.</summary>
public sealed record SquaredError : Objective
{
    public override string Name => "squared-error";

    public override ObjectiveLoss Loss(ObjectiveContext context, Batch x)
    {
        Tensor predicted = context.Outputs(x).squeeze(1), off = predicted.sub(x.Targets!);
        return new(off.square().mean(), off.abs().le(tensor(0.5f)).sum(), off.shape[0]);
    }
}
