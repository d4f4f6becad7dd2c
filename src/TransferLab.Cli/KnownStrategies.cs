using TransferLab.Backbones;
using TransferLab.Strategies;

namespace TransferLab.Cli;

/// <summary>The strategies by name, those that backbone packages bring included.</summary>
internal static class KnownStrategies
{
    /// <summary>All names.</summary>
    public static string Names(string separator) => string.Join(separator, StrategyCatalog.All.Append(MLNetFrozen.Strategy).Select(strategy => strategy.Name));

    /// <summary>Finds a strategy by its name, or reads one from a JSON file.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static Strategy Find(string name) => StrategyCatalog.Find(name, MLNetFrozen.Strategy);
}
