namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>
    /// Fine-tuning: everything trains. Early layers move more slowly, BatchNorm keeps its statistics (with few images that of a batch is
    /// worse than pretraining's), images are varied, the learning rate warms up and falls along a cosine.
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
                LearningRateCandidates = [2e-4, 1e-3],
                HeadLearningRate = 1e-3,
                FirstGroupRate = 0.1,
                LabelSmoothing = 0.1,
                Augment = true,
            },
        ],
    };
}
