using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>The training examples that a temperature is fitted on, and that no strategy trains on.</summary>
internal static class CalibrationSplit
{
    private const double HeldOutShare = 0.2;

    /// <summary>Splits the training examples of a seed.</summary>
    public static (IReadOnlyList<Example> Kept, IReadOnlyList<Example> HeldOut) Of(IReadOnlyList<Example> train, int seed) =>
        Split.StratifiedSplit(train, HeldOutShare, Seeds.Mix(seed, "calibration"));
}
