namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>Feature extraction: the backbone stays as it is, a linear head is trained on its features.</summary>
    public static TransferStrategy Frozen() => new()
    {
        Name = "frozen",
        Description = "backbone frozen as a feature extractor, linear head trained on its features",
        Phases = [new() { Trains = LayerSelector.Head, Solver = Solver.Lbfgs }],
    };

    /// <summary>The control of <see cref="Frozen"/>: the same head on the features of a random network.</summary>
    public static TransferStrategy FrozenRandom() => Frozen() with
    {
        Name = "frozen-random",
        Description = "control: the same linear head on the same network without pretraining",
        Start = Start.Random,
    };
}
