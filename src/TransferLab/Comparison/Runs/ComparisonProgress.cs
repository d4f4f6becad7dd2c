using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Where a comparison stands.</summary>
/// <param name="Strategy">Name of the strategy at work.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Run">Number of the run, from 1.</param>
/// <param name="Runs">How many there are.</param>
/// <param name="Training">Where the run stands.</param>
/// <param name="Result">The run's result, once when it is finished.</param>
/// <param name="Kept">Whether that result is of an earlier call, and was not repeated.</param>
public sealed record ComparisonProgress(string Strategy, int Seed, int Run, int Runs, TrainingProgress Training, RunResult? Result = null, bool Kept = false)
{
    /// <summary>Training examples a class of the run, where a comparison has several; null where not.</summary>
    public int? PerClass { get; init; }
}
