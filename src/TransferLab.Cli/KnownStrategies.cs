using TransferLab.Backbones;
using TransferLab.Strategies;

namespace TransferLab.Cli;

/// <summary>The strategies by name, those that backbone packages bring included.</summary>
internal static class KnownStrategies
{
    /// <summary>All names.</summary>
    public static string Names(string separator) => string.Join(separator, StrategyCatalog.All.Append(MLNetFrozen.Strategy).Select(strategy => strategy.Name));

    /// <summary>The strategies of a comma-separated list of names and files; <c>all</c> stands for those that suit any backbone.</summary>
    /// <exception cref="ArgumentException">There is none of a name; the message lists them.</exception>
    public static IEnumerable<Strategy> List(string names) => names == "all" ? StrategyCatalog.All : Words(names).Select(Find);

    /// <summary>The words of such a list.</summary>
    public static string[] Words(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Finds a strategy by its name, or reads one from a JSON file.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static Strategy Find(string name) => StrategyCatalog.Find(name, MLNetFrozen.Strategy);
}
