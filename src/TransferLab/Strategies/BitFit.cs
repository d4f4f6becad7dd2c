namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>Biases alone train, of normalisation too, and the head (Ben Zaken et al. 2022, arXiv:2106.10199): a thousandth of the weights.</summary>
    public static TransferStrategy BitFit() => new()
    {
        Name = "bitfit",
        Description = "biases and the head trained, all other weights frozen",
        Phases = [.. Full().Phases.Select(phase => phase with { Trains = LayerSelector.Biases, LearningRate = 3e-3, FirstGroupRate = 1 })],
    };
}
