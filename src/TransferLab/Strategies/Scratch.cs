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
                LabelSmoothing = 0.1,
                WeightDecay = 0.05,
                Normalization = Normalization.Batch,
                Augment = true,
            },
        ],
    };
}
