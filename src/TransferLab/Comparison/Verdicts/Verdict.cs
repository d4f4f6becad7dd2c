using System.Globalization;
using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>Says what a comparison found, in plain sentences, and no more than its intervals support.</summary>
internal static class Verdict
{
    /// <summary>Largest corrected p-value at which a winner is named.</summary>
    public const double Level = 0.05;
    private const int MostTestExamples = 1_000_000;
    private const int MostSentences = 12;

    /// <summary>The finding on one pair.</summary>
    /// <param name="first">Name of the first strategy.</param>
    /// <param name="second">Name of the second.</param>
    /// <param name="difference">Accuracy of the second minus that of the first.</param>
    /// <param name="timeRatio">Training time of the second over that of the first.</param>
    /// <param name="tests">Test examples.</param>
    /// <param name="test">McNemar's test, corrected for the number of pairs.</param>
    /// <param name="seeds">Seeds that both were trained with.</param>
    /// <param name="metric">What is compared; accuracy where not given.</param>
    public static string Sentence(string first, string second, Estimate difference, double timeRatio, int tests, PairTest test, int seeds,
        MetricSummary? metric = null)
    {
        MetricWords words = MetricWords.Of(metric ?? MetricSummary.Accuracy);
        string range = $"95 % interval {words.Number(difference.Low)} to {words.Number(difference.High)}";
        string time = Time(first, second, timeRatio);
        bool excludesZero = difference.Low > 0 || difference.High < 0;
        if (excludesZero && test.Corrected <= Level)
        {
            bool isSecond = difference.Low > 0 != words.LowerIsBetter;
            (string better, string worse) = isSecond ? (second, first) : (first, second);
            Estimate by = difference.Low > 0 ? difference : new(-difference.Value, -difference.High, -difference.Low);
            return $"{better} is {words.Ahead(by.Value)} than {worse} (95 % interval {words.Number(by.Low)} to {words.Number(by.High)}), and {time}.";
        }

        string why = excludesZero ? ", but with so many pairs or so few examples that differ, chance can do it" : "";
        return $"No difference in {words.Name} between {first} and {second} can be shown with {Count(tests)} test examples ({second} minus {first}: "
            + $"{words.Amount(difference.Value)}, "
            + $"{range}; {test.Method ?? "McNemar"} p {Probability(test.Corrected)}{why}){Needed(test, tests, seeds, words)}; {time}.";
    }

    /// <summary>
    /// The sentences that sum up: frozen against fine-tuned first, of every model; then the best of each other model against the best of all, and that against
    /// each control and baseline. No more than twelve of them: the others are counted.
    /// </summary>
    public static IReadOnlyList<string> Summary(IReadOnlyList<StrategyResult> strategies, IReadOnlyList<PairResult> pairs)
    {
        List<string> sentences = [.. strategies.Where(row => row.End == SpectrumEnd.Frozen)
            .Select(frozen => strategies.FirstOrDefault(row => row.End == SpectrumEnd.FineTuned && row.Model == frozen.Model
                && row.Context == frozen.Context) is { } tuned
                ? Find(pairs, frozen.Name, tuned.Name)?.Sentence : null).OfType<string>()];
        StrategyResult[] transfer = [.. strategies.Where(row => row.Role == StrategyRole.Transfer)];
        if (transfer.MaxBy(row => row.Accuracy.Value) is { } best)
        {
            sentences.AddRange(transfer.GroupBy(row => row.Model).Where(model => model.Key != best.Model)
                .Select(model => Find(pairs, best.Name, model.MaxBy(row => row.Accuracy.Value)!.Name)?.Sentence).OfType<string>());
            sentences.AddRange(strategies.Where(row => row.Role != StrategyRole.Transfer).Select(row => Against(best, row, pairs)).OfType<string>());
        }

        return Bounded(sentences.Count > 0 ? sentences : [.. pairs.Select(pair => pair.Sentence)], "differences");
    }

    private static string? Against(StrategyResult best, StrategyResult other, IReadOnlyList<PairResult> pairs)
    {
        if (Find(pairs, best.Name, other.Name) is not { } pair)
        {
            return null;
        }

        bool otherWins = pair.Shows && (pair.First == other.Name ? pair.Difference.High < 0 : pair.Difference.Low > 0);
        return otherWins ? $"The simple baseline wins: {pair.Sentence}" : pair.Sentence;
    }

    /// <summary>The first twelve sentences, and how many more the report holds.</summary>
    public static IReadOnlyList<string> Bounded(IReadOnlyList<string> sentences, string what) => sentences.Count <= MostSentences ? sentences
        : [.. sentences.Take(MostSentences), $"{Count(sentences.Count - MostSentences)} more {what} are in the report."];

    private static PairResult? Find(IReadOnlyList<PairResult> pairs, string a, string b) =>
        pairs.FirstOrDefault(pair => (pair.First == a && pair.Second == b) || (pair.First == b && pair.Second == a));

    private static string Time(string first, string second, double ratio)
    {
        if (ratio is > 0.9 and < 1.1)
        {
            return $"{second} trains about as long as {first}";
        }

        (string slow, string fast, double factor) = ratio > 1 ? (second, first, ratio) : (first, second, 1 / ratio);
        string times = factor < 10 ? factor.ToString("0.0", CultureInfo.InvariantCulture) : factor.ToString("N0", CultureInfo.InvariantCulture);
        return $"{slow} takes {times} times as long to train as {fast}";
    }

    private static string Needed(PairTest test, int tests, int seeds, MetricWords words)
    {
        string size = $"a difference of {words.Amount(test.NeededFor)}";
        return test.NeededExamples is not { } needed
            ? $"; more seeds than {seeds}, not more test examples, would be needed to show {size}, because seeds differ by as much"
            : needed > MostTestExamples ? $"; more than a million would be needed to show {size}"
            : needed <= tests ? $"; with about as many, {size} is found four times in five"
            : $"; about {Count(RoundUp(needed))} would be needed to show {size}";
    }

    private static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Probability(double p) => p < 0.001 ? "below 0.001" : p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>To two digits: more would claim a precision that this estimate has not.</summary>
    private static double RoundUp(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Ceiling(value / unit) * unit;
    }
}
