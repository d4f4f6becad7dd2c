namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>The control of <see cref="Full"/>: the same network and effort from random weights, with BatchNorm as it must be there.</summary>
    public static TransferStrategy Scratch() => new()
    {
        Name = "scratch",
        Description = "control: the same network trained from random weights",
        Start = Start.Random,
        Phases =
        [
            new()
            {
                Trains = LayerSelector.Everything,
                LearningRateCandidates = [1e-3, 3e-3],
                HeadLearningRate = 1e-3,
                LabelSmoothing = 0.1,
                WeightDecay = 0.05,
                Normalization = Normalization.Batch,
                Augment = true,
            },
        ],
    };
}
