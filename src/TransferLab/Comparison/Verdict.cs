using System.Globalization;
using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>Says what a comparison found, in plain sentences, and no more than its intervals support.</summary>
internal static class Verdict
{
    private const int MostTestExamples = 1_000_000;

    /// <summary>The finding on one pair.</summary>
    /// <param name="first">Name of the first strategy.</param>
    /// <param name="second">Name of the second.</param>
    /// <param name="difference">Accuracy of the second minus that of the first.</param>
    /// <param name="timeRatio">Training time of the second over that of the first.</param>
    /// <param name="tests">Test examples.</param>
    public static string Sentence(string first, string second, Estimate difference, double timeRatio, int tests)
    {
        string range = $"95 % interval {Points(difference.Low)} to {Points(difference.High)}";
        string time = Time(first, second, timeRatio);
        if (difference.Low > 0)
        {
            return $"{second} is {Points(difference.Value)} points more accurate than {first} ({range}), and {time}.";
        }

        if (difference.High < 0)
        {
            string swapped = $"95 % interval {Points(-difference.High)} to {Points(-difference.Low)}";
            return $"{first} is {Points(-difference.Value)} points more accurate than {second} ({swapped}), and {time}.";
        }

        return $"No difference in accuracy between {first} and {second} can be shown with {tests.ToString("N0", CultureInfo.InvariantCulture)} test examples ({second} minus {first}: {Points(difference.Value)} points, {range}){Needed(difference, tests)}; {time}.";
    }

    /// <summary>The sentences that sum up: frozen against full first, then the better of them against each control.</summary>
    public static IReadOnlyList<string> Summary(IReadOnlyList<StrategyResult> strategies, IReadOnlyList<PairResult> pairs)
    {
        List<string> sentences = [];
        if (Find(pairs, "frozen", "full") is { } main)
        {
            sentences.Add(main.Sentence);
        }

        StrategyResult[] transfer = [.. strategies.Where(s => StrategyCatalogue.IsTransfer(s.Name))];
        if (transfer.Length > 0 && transfer.Length < strategies.Count)
        {
            StrategyResult best = transfer.MaxBy(s => s.Accuracy.Value)!;
            foreach (StrategyResult control in strategies.Where(s => !StrategyCatalogue.IsTransfer(s.Name)))
            {
                PairResult pair = Find(pairs, best.Name, control.Name)!;
                bool controlWins = pair.First == control.Name ? pair.Difference.High < 0 : pair.Difference.Low > 0;
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

    private static string Needed(Estimate difference, int tests)
    {
        double half = (difference.High - difference.Low) / 2;
        double needed = tests * Math.Pow(half / Math.Max(1e-9, Math.Abs(difference.Value)), 2);
        return needed > MostTestExamples || needed <= tests
            ? ""
            : $"; about {RoundUp(needed).ToString("N0", CultureInfo.InvariantCulture)} would be needed for a difference of this size";
    }

    /// <summary>To two digits: more would claim a precision that this estimate has not.</summary>
    private static double RoundUp(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Ceiling(value / unit) * unit;
    }
}
