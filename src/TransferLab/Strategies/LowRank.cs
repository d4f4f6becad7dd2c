namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>
    /// LoRA (Hu et al. 2021, arXiv:2106.09685): every weight is frozen, and thin matrices beside them train, and the head. They are merged into
    /// the weights afterwards, so that the model is as fast as before and knows nothing of them.
    /// </summary>
    /// <param name="adapters">Rank, alpha and layers; the defaults where null.</param>
    public static TransferStrategy LowRank(Lora? adapters = null) => new()
    {
        Name = "lora",
        Description = "low-rank adapters and the head trained, merged into the frozen weights afterwards",
        Phases = [.. Full().Phases.Select(phase => phase with { Lora = adapters ?? new(), LearningRate = 2e-3, FirstGroupRate = 1, WeightDecay = 0 })],
    };
}
