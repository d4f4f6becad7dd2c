using System.Globalization;
using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>Says what a comparison found, in plain sentences, and no more than its intervals support.</summary>
internal static class Verdict
{
    /// <summary>Largest corrected p-value at which a winner is named.</summary>
    public const double Level = 0.05;
    private const int MostTestExamples = 1_000_000;

    /// <summary>The finding on one pair.</summary>
    /// <param name="first">Name of the first strategy.</param>
    /// <param name="second">Name of the second.</param>
    /// <param name="difference">Accuracy of the second minus that of the first.</param>
    /// <param name="timeRatio">Training time of the second over that of the first.</param>
    /// <param name="tests">Test examples.</param>
    /// <param name="test">McNemar's test, corrected for the number of pairs.</param>
    /// <param name="seeds">Seeds that both were trained with.</param>
    public static string Sentence(string first, string second, Estimate difference, double timeRatio, int tests, PairTest test, int seeds)
    {
        string range = $"95 % interval {Points(difference.Low)} to {Points(difference.High)}";
        string time = Time(first, second, timeRatio);
        bool excludesZero = difference.Low > 0 || difference.High < 0;
        if (excludesZero && test.Corrected <= Level)
        {
            (string better, string worse, Estimate by) = difference.Low > 0 ? (second, first, difference) : (first, second, new(-difference.Value, -difference.High, -difference.Low));
            return $"{better} is {Points(by.Value)} points more accurate than {worse} (95 % interval {Points(by.Low)} to {Points(by.High)}), and {time}.";
        }

        string why = excludesZero ? ", but with so many pairs or so few examples that differ, chance can do it" : "";
        return $"No difference in accuracy between {first} and {second} can be shown with {Count(tests)} test examples ({second} minus {first}: {Points(difference.Value)} points, {range}; McNemar p {Probability(test.Corrected)}{why}){Needed(test, tests, seeds)}; {time}.";
    }

    /// <summary>The sentences that sum up: frozen against full first, then the better of them against each control.</summary>
    public static IReadOnlyList<string> Summary(IReadOnlyList<StrategyResult> strategies, IReadOnlyList<PairResult> pairs)
    {
        List<string> sentences = [];
        if (Find(pairs, "frozen", "full") is { } main)
        {
            sentences.Add(main.Sentence);
        }

        StrategyResult[] transfer = [.. strategies.Where(s => StrategyCatalog.IsTransfer(s.Name))];
        if (transfer.Length > 0 && transfer.Length < strategies.Count)
        {
            StrategyResult best = transfer.MaxBy(s => s.Accuracy.Value)!;
            foreach (StrategyResult control in strategies.Where(s => !StrategyCatalog.IsTransfer(s.Name)))
            {
                PairResult pair = Find(pairs, best.Name, control.Name)!;
                bool controlWins = pair.Shows && (pair.First == control.Name ? pair.Difference.High < 0 : pair.Difference.Low > 0);
                sentences.Add(controlWins ? $"The simple baseline wins: {pair.Sentence}" : pair.Sentence);
            }
        }

        return sentences.Count > 0 ? sentences : [.. pairs.Select(pair => pair.Sentence)];
    }

    private static PairResult? Find(IReadOnlyList<PairResult> pairs, string a, string b) =>
        pairs.FirstOrDefault(pair => (pair.First == a && pair.Second == b) || (pair.First == b && pair.Second == a));

    private static string Points(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture).Replace("-0.0", "0.0", StringComparison.Ordinal);

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

    private static string Needed(PairTest test, int tests, int seeds)
    {
        string size = $"a difference of {Points(test.NeededFor)} points";
        return test.NeededExamples is not { } needed ? $"; more seeds than {seeds}, not more test examples, would be needed to show {size}, because seeds differ by as much"
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
