namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    private const double SetFitDecay = 0.3; // On standardised features, which the contrast has made easy to separate: a weak one makes probabilities too sure.

    /// <summary>
    /// Contrast with labels, then a head (Tunstall et al. 2022, arXiv:2209.11055): of few examples there are many pairs. The backbone learns to put examples
    /// of one class near each other, then the head of <see cref="Frozen"/> is solved for on its features, with a fixed weight decay. With few examples the
    /// steps are fixed; otherwise held-out examples that the contrast never sees say when to stop.
    /// </summary>
    public static TransferStrategy SetFit() => new()
    {
        Name = "setfit",
        Description = "everything fine-tuned so that examples of one class lie near each other, then a linear head on those features",
        Phases =
        [
            new()
            {
                Trains = LayerSelector.Everything,
                Objective = Objective.CosineContrast,
                RateScale = 0.5,
                HeadDecay = SetFitDecay,
                BatchSize = 32,
                Steps = 100,
                Augment = true,
            },
            new() { Trains = LayerSelector.Head, Solver = Solver.Lbfgs, HeadDecay = SetFitDecay },
        ],
    };
}
