using TransferLab.Comparison;

namespace TransferLab.Reporting;

/// <summary>The summary of a comparison of answers: one row a way. Columns that no row has anything to say in are left out.</summary>
public static class AnswerTable
{
    private const string Empty = "-";

    /// <summary>Titles and formatted rows.</summary>
    /// <param name="results">Results with <see cref="ComparisonResults.Questions"/>.</param>
    public static (IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) Of(ComparisonResults results)
    {
        MetricSummary first = results.Metrics[0], second = results.Metrics.FirstOrDefault(metric => metric.Name != first.Name
            && metric.Name is "F1" or "contains") ?? first;
        (string Title, Func<StrategyResult, string?> Cell)[] all =
        [
            ("way", row => Figures.Name(row.Name)),
            ($"{first.Name}, % (95 % CI)", row => Figures.PercentWithInterval(row.Accuracy)),
            ($"{second.Name}, %", row => Share(row, second.Name)),
            ("exact, %", row => Share(row, "exact match")),
            ("judged, %", row => Share(row, "judged")),
            ("log loss", row => row.Estimates.TryGetValue("log loss", out Estimate? loss) ? Figures.Score(loss.Value) : null),
            ("found, %", row => row.Cost?.Found is { } found ? Figures.Percent(found) : null),
            ("ended, %", row => row.Cost?.Stopped is { } stopped ? Figures.Percent(stopped) : null),
            ("tokens in + out", row => row.Cost is { InputTokens: > 0 } cost
                ? $"{Figures.Count((long)Math.Round(cost.InputTokens))} + {Figures.Count((long)Math.Round(cost.OutputTokens))}"
                : null),
            ("an answer", row => row.Cost is { } cost ? Figures.Duration(cost.Seconds) : null),
            ("preparation", row => row.Cost is { Preparation: > 0 } cost ? Figures.Duration(cost.Preparation) : null),
            ("1,000 answers", row => row.Cost?.Thousand is { } price ? Price(price) : null),
        ];
        (string Title, Func<StrategyResult, string?> Cell)[] kept =
            [.. all.Where((column, i) => i == 0 || results.Strategies.Any(row => column.Cell(row) is not null))];
        return ([.. kept.Select(column => column.Title)],
            [.. results.Strategies.Select(row => (IReadOnlyList<string>)[.. kept.Select(column => column.Cell(row) ?? Empty)])]);
    }

    /// <summary>Aligned plain columns, two spaces apart.</summary>
    public static string ToText(ComparisonResults results)
    {
        (IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) = Of(results);
        return TextColumns.Of([columns, .. rows]);
    }

    /// <summary>The lines that tell after how many requests tuning has paid for itself, or that it never does; none where nothing was tuned.</summary>
    public static IReadOnlyList<string> BreakEvens(ComparisonResults results) => [.. (results.Questions?.BreakEvens ?? []).Select(Say)];

    private static string Say(BreakEven even)
    {
        string by = $"by {(even.Unit == "price" ? "price" : "seconds of this machine")}";
        return (even.Requests, even.Low) switch
        {
            (0, _) => $"{even.Way} needs no more preparation than {even.Against} and costs less an answer: it pays from the first ({by}).",
            ({ } requests, _) => $"{even.Way} has paid for itself against {even.Against} after {Requests(requests)} answers "
                + $"(95 % interval {Requests(even.Low)} to {Requests(even.High)}; {by}).",
            (null, { } low) =>
                $"{even.Way} does not pay for itself against {even.Against}: an answer costs no less (95 % interval {Requests(low)} answers to never; {by}).",
            _ => $"{even.Way} never pays for itself against {even.Against}: an answer surely costs no less ({by}).",
        };
    }

    /// <summary>A price: as many digits as it needs.</summary>
    internal static string Price(double price) =>
        price.ToString(price < 0.1 ? "0.00000" : price < 10 ? "0.000" : "#,0.00", System.Globalization.CultureInfo.InvariantCulture);

    private static string Requests(double? given) => given is not { } value
        ? "never"
        : value < 1e15
        ? Figures.Count((long)Math.Ceiling(value))
        : "more than anybody asks";

    private static string? Share(StrategyResult row, string metric) => row.Estimates.TryGetValue(metric, out Estimate? value)
        ? Figures.Percent(value.Value)
        : null;
}
