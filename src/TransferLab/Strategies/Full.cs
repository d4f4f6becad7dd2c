namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>
    /// Fine-tuning: everything trains. Early layers move more slowly, BatchNorm keeps its statistics (with few images that of a batch is
    /// worse than pretraining's), images are varied, the learning rate warms up slowly, while the head is still random, and falls along a cosine.
    /// </summary>
    public static TransferStrategy Full() => new()
    {
        Name = "full",
        Description = "everything unfrozen and fine-tuned, early layers more slowly",
        Phases =
        [
            new()
            {
                Trains = LayerSelector.Everything,
                WarmUp = 0.3,
                LabelSmoothing = 0.1,
                Augment = true,
            },
        ],
    };
}
