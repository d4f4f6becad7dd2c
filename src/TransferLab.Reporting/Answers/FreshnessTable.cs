using TransferLab.Comparison;

namespace TransferLab.Reporting;

/// <summary>Ways of answering after facts have changed: one row a way, and one for each way to mend it.</summary>
public static class FreshnessTable
{
    private const string Empty = "-";

    /// <summary>Titles and formatted rows; no rows where nothing changed.</summary>
    /// <param name="results">Results of a comparison of answers.</param>
    public static (IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) Of(ComparisonResults results)
    {
        string metric = results.Metrics[0].Name;
        return (
            [
                "after the change", "mended by", "ready after", "new, % (95 % CI)", "old, % (95 % CI)", "exact new, %", "exact old, %",
                $"unchanged {metric}, %", "kept, points (95 % CI)",
            ],
            [.. (results.Freshness?.Rows ?? []).Select(row => (IReadOnlyList<string>)
            [
                Figures.Name(row.Way), MendingWords.Of(row.Mending), row.Mending == Mending.None ? Empty : Figures.Duration(row.Seconds),
                row.New is { } now ? Figures.PercentWithInterval(now) : Empty, Figures.PercentWithInterval(row.Old),
                row.NewExact is { } exact ? Figures.Percent(exact) : Empty, Figures.Percent(row.OldExact),
                row.Unchanged is { } unchanged ? Figures.Percent(unchanged.Value) : Empty, row.Kept is { } kept ? Figures.PointsWithInterval(kept) : Empty,
            ])]);
    }

    /// <summary>Aligned plain columns, two spaces apart; empty where nothing changed.</summary>
    public static string ToText(ComparisonResults results)
    {
        (IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) = Of(results);
        return rows.Count == 0 ? "" : TextColumns.Of([columns, .. rows]);
    }

    /// <summary>How much changed, which wins where weights and passage contradict each other, and what a person should know.</summary>
    public static IReadOnlyList<string> Sentences(ComparisonResults results) => results.Freshness is not { } fresh ? [] :
    [
        $"{Figures.Count(fresh.Questions.Count)} of {Figures.Count(results.Questions!.Items.Count, "test question")} "
            + $"{(fresh.Questions.Count == 1 ? "has" : "have")} another answer after the change.",
        .. fresh.Conflicts.Select(Say),
        .. fresh.Notes,
    ];

    private static string Say(FreshConflict conflict) => conflict.Questions == 0
        ? $"{conflict.Adaptation}: its weights give the old answer to no changed question whose new answer a passage holds: nothing contradicts a passage."
        : $"{conflict.Adaptation}: of {Figures.Count(conflict.Questions, "question")} to which its weights alone give the old answer, shown the right passage "
            + $"it gives the new one to {Figures.Count(conflict.New)}, the old one nevertheless to {Figures.Count(conflict.Old)}, "
            + $"and neither to {Figures.Count(conflict.Questions - conflict.New - conflict.Old)}.";
}
