namespace TransferLab.Comparison;

/// <summary>Brings what another comparison found on the same test examples into the order of the first one.</summary>
internal static class TestOrder
{
    /// <summary>For each wanted example its place in <paramref name="given"/>; null where the examples, by name and label, are not the same.</summary>
    public static int[]? Of(IReadOnlyList<TestExample> wanted, IReadOnlyList<TestExample> given)
    {
        int[] a = Sorted(wanted), b = Sorted(given);
        if (a.Length != b.Length || a.Zip(b).Any(pair => wanted[pair.First] != given[pair.Second]))
        {
            return null;
        }

        int[] order = new int[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            order[a[i]] = b[i];
        }

        return order;
    }

    /// <summary>The strategy's predictions in that order, and places in it for its mistakes and for what was inspected; without all of them where there is
    /// none.</summary>
    public static StrategyResult Apply(StrategyResult strategy, int[]? order)
    {
        if (order is null)
        {
            return strategy with
            {
                Runs = [
                    .. strategy.Runs.Select(run =>
                        run with { Predicted = [], Score = [], Scores = new Dictionary<string, double[]>(), Inspection = null,
                            Calibrated = Calibrated(run, _ => []) })],
                WorstMistakes = [],
            };
        }

        int[] places = [.. Enumerable.Range(0, order.Length)];
        int[] from = [.. order];
        Array.Sort(from, places); // places[i] is where the given example i goes.
        IReadOnlyList<T> Moved<T>(IReadOnlyList<T> values) => values.Count == order.Length ? [.. order.Select(i => values[i])] : values;
        Projection Placed(Projection projection) => projection with
        {
            Examples = [.. projection.Examples.Select(i => (uint)i < (uint)places.Length ? places[i] : i)],
        };
        return strategy with
        {
            Runs =
            [
                .. strategy.Runs.Select(run => run with
                {
                    Predicted = Moved(run.Predicted),
                    Score = Moved(run.Score),
                    Scores = run.Scores.ToDictionary(scores => scores.Key, scores => (double[])[.. Moved(scores.Value)]),
                    Calibrated = Calibrated(run, Moved),
                    Inspection = run.Inspection is { } inside ? inside with { Before = Placed(inside.Before), After = Placed(inside.After) } : null,
                }),
            ],
            WorstMistakes =
                [.. strategy.WorstMistakes.Where(mistake => (uint)mistake.Index < (uint)places.Length).Select(mistake =>
                    mistake with { Index = places[mistake.Index] })],
        };
    }

    private static CalibratedResult? Calibrated(RunResult run, Func<IReadOnlyList<float>, IReadOnlyList<float>> change) =>
        run.Calibrated is { } calibrated ? calibrated with { Score = change(calibrated.Score) } : null;

    private static int[] Sorted(IReadOnlyList<TestExample> examples) =>
        [.. Enumerable.Range(0, examples.Count).OrderBy(i => examples[i].Name, StringComparer.Ordinal).ThenBy(i => examples[i].Label)];
}
