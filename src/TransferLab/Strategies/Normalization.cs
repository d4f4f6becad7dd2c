namespace TransferLab.Strategies;

/// <summary>How normalisation layers with statistics (BatchNorm) behave during a phase.</summary>
public enum Normalization
{
    /// <summary>They use and keep the statistics of pretraining; with few images those of a batch are too noisy to replace them.</summary>
    Fixed,

    /// <summary>Trained groups normalise by the batch and update their running statistics, as in training from scratch.</summary>
    Batch,
}
