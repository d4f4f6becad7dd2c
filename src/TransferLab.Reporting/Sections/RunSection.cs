using TransferLab.Comparison;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Sections;

/// <summary>The values of every seed, and the settings that each run chose.</summary>
internal static class RunSection
{
    /// <summary>Writes it.</summary>
    public static void Write(Page page)
    {
        page.Begin("runs", "Every run");
        page.Table("Values of every seed. A star marks runs that found their features in the cache; their time counts as if they had not.",
            ["Strategy", "Seed#", "Accuracy, %#", "Macro-F1#", "Log loss#", "Reading#", "Features#", "Training#", .. page.IsTuned
                ? new[] { "Tuning#" }
                : [], "Total time#", "Epochs#", "Peak memory#", "Latency#"],
            page.Results.Strategies.SelectMany(s => s.Runs.Select(r => Row(s, r, page.IsTuned))));
        WriteSettings(page);
        page.End();
    }

    private static string[] Row(StrategyResult strategy, RunResult run, bool isTuned) =>
    [
        strategy.Name,
        run.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Figures.Percent(run.Accuracy),
        Figures.Score(run.MacroF1),
        Figures.Score(run.LogLoss),
        Figures.Duration(run.Time.Reading),
        Figures.Duration(run.Time.Features) + (run.Time.FeaturesFromCache ? " *" : ""),
        Figures.Duration(run.Time.Training),
        .. isTuned ? new[] { Figures.Duration(run.Time.Tuning) } : [],
        Figures.Duration(run.Time.Total),
        Figures.Count(run.Epochs),
        Figures.Bytes(run.PeakMemoryBytes),
        Figures.Milliseconds(run.LatencyMilliseconds),
    ];

    private static void WriteSettings(Page page)
    {
        List<string[]> rows = [.. page.Results.Strategies.SelectMany(Settings)];
        if (rows.Count > 0)
        {
            page.Table("Settings that training chose", ["Strategy", "Seeds", "Settings~"], rows);
        }
    }

    // Seeds that chose the same share a row.
    private static IEnumerable<string[]> Settings(StrategyResult strategy) => strategy.Runs
        .Where(r => r.Settings.Count > 0)
        .GroupBy(r => string.Join(" · ", r.Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {s.Value}")))
        .Select(g => (string[])[strategy.Name, g.Count() == strategy.Runs.Count && g.Count() > 1 ? "all" : string.Join(", ", g.Select(r => r.Seed)), g.Key]);
}
