using System.Globalization;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Says what a comparison of answers found, and no more than its intervals support.</summary>
internal static class AnswerVerdict
{
    /// <summary>The finding on one pair.</summary>
    public static string Sentence(string first, string second, Estimate difference, PairTest test, bool isPlanned, int planned, MetricSummary metric,
        int[] clusters)
    {
        MetricWords words = MetricWords.Of(metric);
        bool excludesZero = difference.Low > 0 || difference.High < 0;
        string size =
            $"{clusters.Length.ToString("N0", CultureInfo.InvariantCulture)} questions in "
                + $"{clusters.Distinct().Count().ToString("N0", CultureInfo.InvariantCulture)} clusters";
        string corrected = isPlanned
            ? planned > 1
            ? $"p {Probability(test.Corrected)}, corrected for {planned} pairs"
            : $"p {Probability(test.Corrected)}"
            : $"p {Probability(test.Corrected)}, not corrected: exploratory";
        if (excludesZero && test.Corrected <= Verdict.Level)
        {
            bool isSecond = difference.Low > 0 != metric.LowerIsBetter;
            Estimate by = difference.Low > 0 ? difference : new(-difference.Value, -difference.High, -difference.Low);
            (string better, string worse) = isSecond ? (second, first) : (first, second);
            return $"{better} is {words.Ahead(by.Value)} than {worse} (95 % interval {words.Number(by.Low)} to {words.Number(by.High)}; {corrected}).";
        }

        return $"No difference in {metric.Name} between {first} and {second} can be shown with {size} ({second} minus {first}: "
            + $"{words.Amount(difference.Value)}, "
            + $"95 % interval {words.Number(difference.Low)} to {words.Number(difference.High)}; {corrected}).";
    }

    /// <summary>The sentences that sum up: the best way, what it is ahead of, whether a simple baseline does as well, and how retrieval fails.</summary>
    public static IReadOnlyList<string> Summary(IReadOnlyList<(AnswerWay Way, StrategyResult Row)> rows, IReadOnlyList<PairResult> pairs, MetricSummary metric,
        QuestionSet data)
    {
        StrategyResult best = AnswerPairs.Best(rows, metric);
        List<string> said =
            [$"{best.Name} answers best of the ways that can be used: {metric.Name} {Percent(best.Accuracy)}, "
                + $"{data.Test.Count.ToString("N0", CultureInfo.InvariantCulture)} questions."];
        foreach ((AnswerWay way, StrategyResult row) in rows.Where(row => !row.Way.HasModel))
        {
            PairResult? pair = pairs.FirstOrDefault(pair => pair.First == way.Name && pair.Second == best.Name);
            bool shows = pair?.Shows == true;
            if (row.Accuracy.Value > best.Accuracy.Value || (row.Accuracy.Value == best.Accuracy.Value && row.Name != best.Name))
            {
                said.Add(shows
                    ? $"The simple baseline wins: {pair!.Sentence}"
                    : $"The simple baseline {way.Name} is not beaten: {metric.Name} {Percent(row.Accuracy)} without a model. {pair?.Sentence}".TrimEnd());
            }
        }

        said.AddRange(pairs.Where(pair => pair.Planned == true).Select(pair => pair.Sentence));
        foreach ((AnswerWay way, StrategyResult row) in rows.Where(row => row.Row.Cost!.Found is not null && row.Way.Context == WayContext.Rag))
        {
            said.Add(
                $"{way.Name}: a passage with the answer was shown for {Percent(row.Cost!.Found!.Value)} of the "
                    + $"questions that have one{(row.Cost.FoundAndRead is { } read ? $", and of those the mean {metric.Name} is {Percent(read)}" : "")}.");
        }

        return Verdict.Bounded(said, "findings");
    }

    private static string Percent(Estimate value) => $"{Percent(value.Value)} ({100 * value.Low:0.0}-{100 * value.High:0.0})";

    private static string Percent(double share) => FormattableString.Invariant($"{100 * share:0.0} %");

    private static string Probability(double p) => p < 0.001 ? "below 0.001" : p.ToString(p < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
