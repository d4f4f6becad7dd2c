using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>The loss of one batch.</summary>
/// <param name="Mean">[], the mean that gradients are of.</param>
/// <param name="Score">[], the sum of the scores of what is predicted, such as the number of examples that are right.</param>
/// <param name="Count">How many predictions there are: what the mean of scores is over.</param>
public readonly record struct ObjectiveLoss(Tensor Mean, Tensor Score, long Count);
