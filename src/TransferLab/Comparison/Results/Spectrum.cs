using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>Which strategies are the ends of the spectrum: the one place that goes by their names.</summary>
internal static class Spectrum
{
    /// <summary>The end that the strategy of a name is; null for all but two.</summary>
    public static SpectrumEnd? EndOf(string strategy) => strategy switch
    {
        StrategyCatalog.Frozen => SpectrumEnd.Frozen,
        StrategyCatalog.Full => SpectrumEnd.FineTuned,
        _ => null,
    };
}
