namespace TransferLab.Comparison;

/// <summary>How long a strategy trains until it is good enough.</summary>
/// <param name="Accuracy">The accuracy, in [0, 1].</param>
/// <param name="Seconds">Mean seconds, reading and features included, tuning not, over the seeds that reach it; null where none does.</param>
/// <param name="Seeds">How many seeds reach it.</param>
public sealed record TimeToAccuracy(double Accuracy, double? Seconds, int Seeds)
{
    private static readonly double[] s_levels = [0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99];
    private const int Most = 5;

    /// <summary>The levels worth showing: up to five round ones, the highest of which one strategy reaches.</summary>
    internal static double[] Levels(IEnumerable<IReadOnlyList<RunResult>> strategies)
    {
        double best = strategies.SelectMany(runs => runs.SelectMany(Points)).Select(point => point.Accuracy).DefaultIfEmpty(0).Max();
        return [.. s_levels.Where(level => level <= best).TakeLast(Most)];
    }

    /// <summary>
    /// The times of one strategy: the first moment at which its accuracy on validation examples is there; where none are held out, only the end of
    /// training is known, with its accuracy on the test.
    /// </summary>
    internal static IReadOnlyList<TimeToAccuracy> Of(IReadOnlyList<RunResult> runs, IEnumerable<double> levels) => [.. levels.Select(level =>
    {
        double[] times = [.. runs.Select(run => Points(run).Where(point => point.Accuracy >= level).Select(point => (double?)point.Seconds).FirstOrDefault())
            .OfType<double>()];
        return new TimeToAccuracy(level, times.Length == 0 ? null : times.Average(), times.Length);
    })];

    private static IEnumerable<(double Seconds, double Accuracy)> Points(RunResult run)
    {
        var validated = run.Curve.Where(point => point.ValidationAccuracy is not null).Select(point => (point.Seconds, point.ValidationAccuracy!.Value));
        return validated.Any() ? validated : [(run.Time.Total - run.Time.Tuning, run.Accuracy)];
    }
}
