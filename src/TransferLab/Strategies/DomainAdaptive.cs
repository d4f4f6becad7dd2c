namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>
    /// Unsupervised before supervised (Gururangan et al. 2020, arXiv:2004.10964): pretraining goes on with all training examples, without their labels and by
    /// contrast (Gao et al. 2021, arXiv:2104.08821), then everything is fine-tuned as in <see cref="Full"/>.
    /// </summary>
    public static TransferStrategy DomainAdaptive() => new()
    {
        Name = "domain-adaptive",
        Description = "pretraining continued on the training examples without their labels, then everything fine-tuned",
        Phases =
            [new() { Trains = LayerSelector.Everything, Objective = Objective.Contrast, LearningRate = 3e-5, FirstGroupRate = 1, Augment = true,
                EpochShare = 0.25 }, .. Full().Phases],
    };
}
