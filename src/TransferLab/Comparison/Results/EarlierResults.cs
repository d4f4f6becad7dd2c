using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>Results of earlier formats, in which a name alone said what a row is.</summary>
internal static class EarlierResults
{
    private const int FirstWithRoles = 2;

    /// <summary>The results with what their names say.</summary>
    /// <param name="results">As they were read.</param>
    /// <param name="version">Version of the format of their file; 0 where it names none.</param>
    public static ComparisonResults Complete(ComparisonResults results, int version) => version >= FirstWithRoles ? results : results with
    {
        FormatVersion = ComparisonResults.CurrentFormat,
        Strategies = [.. results.Strategies.Select(Complete)],
    };

    private static StrategyResult Complete(StrategyResult row)
    {
        string name = row.Name.Split(' ', 2)[0]; // One that is named after its comparison, too: "scratch (large)".
        Strategy? known = StrategyCatalog.Known(name);
        return row with
        {
            Strategy = name,
            Role = known?.Role ?? (name == "majority"
                ? StrategyRole.Baseline
                : name.EndsWith("-random", StringComparison.Ordinal)
                ? StrategyRole.Control
                : StrategyRole.Transfer),
            End = Spectrum.EndOf(name),
            MovesPretrained = known?.MovesPretrained ?? false,
        };
    }
}
