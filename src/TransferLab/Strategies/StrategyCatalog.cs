namespace TransferLab.Strategies;

/// <summary>The strategies by name, as the command line knows them.</summary>
public static class StrategyCatalog
{
    private static readonly Strategy[] s_all =
    [
        TransferStrategy.Frozen(), TransferStrategy.Full(), TransferStrategy.Scratch(), TransferStrategy.FrozenRandom(), ClassicalStrategy.Default(),
        TransferStrategy.SetFit(), TransferStrategy.LpFt(), TransferStrategy.Gradual(), TransferStrategy.Discriminative(), TransferStrategy.DomainAdaptive(),
            TransferStrategy.BitFit(),
        TransferStrategy.LowRank(), KnnStrategy.Default(), TransferStrategy.FrozenMlp(), MLNetHeadStrategy.LightGbm(), MLNetHeadStrategy.Lbfgs(),
        TransferStrategy.LastK(1), TransferStrategy.LastK(2), TransferStrategy.LastK(4),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Strategy> All => s_all;

    /// <summary>Name of the strategy at one end of the spectrum: nothing of the backbone moves.</summary>
    internal const string Frozen = "frozen";

    /// <summary>Name of the strategy at the other end: everything is fine-tuned.</summary>
    internal const string Full = "full";

    /// <summary>The one of these of that name, for what knows no more than names; null where there is none.</summary>
    internal static Strategy? Known(string name) => s_all.FirstOrDefault(strategy => strategy.Name == name);

    /// <summary>Finds a strategy by its name, or reads one from a JSON file (<see cref="StrategyFile"/>).</summary>
    /// <param name="name">The name, or the path of a file.</param>
    /// <param name="more">Strategies that other packages bring.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static Strategy Find(string name, params Strategy[] more) => StrategyFile.IsFile(name) ? StrategyFile.Read(name)
        : s_all.Concat(more).FirstOrDefault(strategy => strategy.Name == name)
        ?? throw new ArgumentException(
            $"There is no strategy '{name}'; choose from {string.Join(", ", s_all.Concat(more).Select(strategy => strategy.Name))}, or a JSON file.");
}
