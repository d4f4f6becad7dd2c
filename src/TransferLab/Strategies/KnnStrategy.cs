namespace TransferLab.Strategies;

/// <summary>
/// No training at all: the labelled examples are an index, and the nearest of them by the cosine of frozen features vote (Wu et al. 2018,
/// arXiv:1805.01978). The retrieval end of the spectrum.
/// </summary>
public sealed record KnnStrategy : Strategy
{
    private readonly int? _neighbours;

    /// <summary>How many neighbours vote, 1 to 10,000; null lets every training example be judged by the others, and takes the best number.</summary>
    public int? Neighbours
    {
        get => _neighbours;
        init => _neighbours = value is null or (>= 1 and <= 10_000)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Neighbours), value, $"The number of neighbours is 1 to 10000, not {value}.");
    }

    private protected override StrategyRole UsualRole => StrategyRole.Transfer;

    /// <summary>The strategy as the command line knows it.</summary>
    public static KnnStrategy Default() => new()
    {
        Name = "knn",
        Description = "no training: the nearest labelled examples vote, by the cosine of the frozen backbone's features",
    };
}
