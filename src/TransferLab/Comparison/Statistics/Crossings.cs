using System.Globalization;

namespace TransferLab.Comparison;

/// <summary>Makes learning curves of the comparisons at several sizes, and finds where they cross.</summary>
internal static class Crossings
{
    /// <summary>One curve a strategy.</summary>
    /// <param name="sizes">The comparisons, by ascending number of training examples, over the same strategies.</param>
    public static IReadOnlyList<LearningCurve> Curves(IReadOnlyList<ComparisonResults> sizes) =>
        [.. sizes[0].Strategies.Select((strategy, k) => new LearningCurve
    {
        Strategy = strategy.Name,
        Points = [.. sizes.Select(size => Point(size, size.Strategies[k]))],
    })];

    /// <summary>Where strategies that move the pretrained weights overtake the frozen one of the same model; nothing without it or with one size.</summary>
    /// <param name="sizes">The comparisons, by ascending number of training examples, over the same strategies.</param>
    public static IReadOnlyList<Crossing> Of(IReadOnlyList<ComparisonResults> sizes)
    {
        StrategyResult[] rows = [.. sizes[0].Strategies];
        int[] movers = [.. Enumerable.Range(0, rows.Length).Where(k => rows[k].MovesPretrained && BaseOf(rows, k) >= 0)];
        if (movers.Length == 0 || sizes.Count < 2)
        {
            return [];
        }

        int[] labels = [.. sizes[0].Test.Select(example => example.Label)];
        PairedBootstrap bootstrap =
            new([.. sizes.SelectMany(size => size.Strategies.Select(s => s.Runs.Select(run => TaskScores.Of(run, size.Metrics[0], labels)).ToArray()))]);
        double[] perClass = [.. sizes.Select(size => (double)size.Data.TrainPerClass!.Value)];
        return [.. movers.Select(k =>
        {
            int first = BaseOf(rows, k);
            return Find(rows[first].Name, rows[k].Name, perClass,
                [.. sizes.Select((_, n) => bootstrap.Resamples((n * rows.Length) + first, (n * rows.Length) + k))],
                [.. sizes.Select(size => size.Strategies[k].Accuracy.Value - size.Strategies[first].Accuracy.Value)]);
        })];
    }

    private static int BaseOf(StrategyResult[] rows, int k) => Array.FindIndex(rows, row => row.End == SpectrumEnd.Frozen && row.Model == rows[k].Model
        && row.Context == rows[k].Context);

    /// <summary>Size from which the difference stays above zero: below the smallest 0, never infinity.</summary>
    internal static double Locate(IReadOnlyList<double> sizes, IReadOnlyList<double> differences)
    {
        int last = differences.Count - 1;
        while (last >= 0 && differences[last] > 0)
        {
            last--;
        }

        if (last < 0 || last == differences.Count - 1)
        {
            return last < 0 ? 0 : double.PositiveInfinity;
        }

        double share = -differences[last] / (differences[last + 1] - differences[last]);
        return sizes[last] * Math.Pow(sizes[last + 1] / sizes[last], share);
    }

    private static Crossing Find(string first, string second, double[] sizes, double[][] resamples, double[] measured)
    {
        double at = Locate(sizes, measured);
        double[] sorted = [.. Enumerable.Range(0, resamples[0].Length).Select(b => Locate(sizes, [.. resamples.Select(size => size[b])])).Order()];
        double low = sorted[(int)(0.025 * (sorted.Length - 1))], high = sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))];
        Crossing crossing = new()
        {
            First = first,
            Second = second,
            PerClass = Inside(at),
            Low = Inside(low),
            High = Inside(high),
            Before = sorted.Count(x => x == 0) / (double)sorted.Length,
            After = sorted.Count(double.IsPositiveInfinity) / (double)sorted.Length,
            Sentence = "",
        };
        return crossing with { Sentence = Say(crossing, at, low, high, sizes) };
    }

    internal static string Say(Crossing crossing, double at, double low, double high, double[] sizes)
    {
        (string least, string most) = (Number(sizes[0]), Number(sizes[^1]));
        string range = (low, high) switch
        {
            (0, double.PositiveInfinity) => "no size between is excluded",
            (0, _) => $"95 % interval: at most {Number(high)}",
            (_, double.PositiveInfinity) => $"95 % interval: at least {(double.IsPositiveInfinity(low) ? most : Number(low))}",
            _ => $"95 % interval {Number(low)} to {Number(high)}",
        };
        return at switch
        {
            0 when high == 0 => $"{crossing.Second} is ahead of {crossing.First} at every size from {least} training examples a class on.",
            0 => $"{crossing.Second} is ahead of {crossing.First} at every measured size from {least} training examples a class on, but not surely ({range}).",
            double.PositiveInfinity when double.IsPositiveInfinity(low) =>
                $"{crossing.Second} does not overtake {crossing.First} with up to {most} training examples a class.",
            double.PositiveInfinity => $"{crossing.Second} is not seen to overtake {crossing.First} with up to {most} training examples a class ({range}).",
            _ when double.IsPositiveInfinity(high) =>
                $"{crossing.Second} is ahead of {crossing.First} from about {Number(at)} training examples a class on, but not surely ({range}).",
            _ => $"{crossing.Second} overtakes {crossing.First} at about {Number(at)} training examples a class ({range}).",
        };
    }

    private static LearningCurvePoint Point(ComparisonResults size, StrategyResult strategy) => new()
    {
        PerClass = size.Data.TrainPerClass!.Value,
        Examples = size.Data.TrainExamples,
        Accuracy = strategy.Accuracy,
        Accuracies = [.. strategy.Runs.Select(run => run.Accuracy)],
        MacroF1 = strategy.MacroF1,
        LogLoss = strategy.LogLoss,
        TrainSeconds = strategy.TrainSeconds,
    };

    private static double? Inside(double size) => size is 0 or double.PositiveInfinity ? null : size;

    private static string Number(double value) => value.ToString(value < 9.95 ? "0.#" : "N0", CultureInfo.InvariantCulture);
}
