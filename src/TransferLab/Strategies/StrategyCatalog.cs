namespace TransferLab.Strategies;

/// <summary>The strategies by name, as the command line knows them.</summary>
public static class StrategyCatalog
{
    private static readonly Strategy[] s_all =
    [
        TransferStrategy.Frozen(), TransferStrategy.Full(), TransferStrategy.Scratch(), TransferStrategy.FrozenRandom(), ClassicalStrategy.Default(),
        TransferStrategy.LpFt(), TransferStrategy.Gradual(), TransferStrategy.Discriminative(), TransferStrategy.DomainAdaptive(), TransferStrategy.BitFit(), TransferStrategy.LowRank(), KnnStrategy.Default(), TransferStrategy.FrozenMlp(), MLNetHeadStrategy.LightGbm(), MLNetHeadStrategy.Lbfgs(), TransferStrategy.LastK(1), TransferStrategy.LastK(2), TransferStrategy.LastK(4),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Strategy> All => s_all;

    /// <summary>Whether a strategy of that name uses the pretrained weights; the others are controls. Those of the user's own do.</summary>
    public static bool IsTransfer(string name) => Known(name) is null or TransferStrategy { Start: Start.Pretrained } or KnnStrategy or MLNetHeadStrategy;

    /// <summary>Whether a strategy of that name starts from pretrained weights and moves the backbone.</summary>
    internal static bool MovesBackbone(string name) => Known(name) is null or TransferStrategy { Start: Start.Pretrained, MovesBackbone: true };

    /// <summary>Finds a strategy by its name, or reads one from a JSON file (<see cref="StrategyFile"/>).</summary>
    /// <param name="name">The name, or the path of a file.</param>
    /// <param name="more">Strategies that other packages bring.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static Strategy Find(string name, params Strategy[] more) => StrategyFile.IsFile(name) ? StrategyFile.Read(name)
        : s_all.Concat(more).FirstOrDefault(strategy => strategy.Name == name)
        ?? throw new ArgumentException($"There is no strategy '{name}'; choose from {string.Join(", ", s_all.Concat(more).Select(strategy => strategy.Name))}, or a JSON file.");

    private static Strategy? Known(string name) => s_all.FirstOrDefault(strategy => strategy.Name == name);
}
