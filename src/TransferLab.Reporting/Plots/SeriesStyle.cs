using TransferLab.Comparison;

namespace TransferLab.Reporting.Plots;

/// <summary>How a strategy looks in every plot of the page: colour, marker and name.</summary>
/// <param name="Name">Name of the strategy.</param>
/// <param name="Css">Class that sets its colour; the style sheet holds one for light and one for dark.</param>
/// <param name="Marker">Its marker, so that colour is never the only cue.</param>
/// <param name="IsControl">Whether it is there to be compared with (no pretraining, no network): drawn quieter.</param>
internal sealed record SeriesStyle(string Name, string Css, MarkerShape Marker, bool IsControl)
{
    private static readonly MarkerShape[] s_shapes = Enum.GetValues<MarkerShape>();

    /// <summary>One style a strategy. Frozen and full have the same colours on every page; after eight strategies colours come again with other shapes.</summary>
    public static IReadOnlyList<SeriesStyle> For(ComparisonResults results)
    {
        int others = 2, controls = 0;
        List<SeriesStyle> styles = [];
        foreach (string name in results.Strategies.Select(s => s.Name))
        {
            if (IsControlName(name))
            {
                styles.Add(new SeriesStyle(name, "quiet", s_shapes[(4 + controls++) % s_shapes.Length], true));
                continue;
            }

            int i = name switch { "frozen" => 0, "full" => 1, _ => others++ };
            styles.Add(new SeriesStyle(name, ProjectionPlot.Css(i), ProjectionPlot.Marker(i), false));
        }

        return styles;
    }

    /// <summary>Also of a strategy that is named after its comparison: <c>scratch (large)</c>.</summary>
    private static bool IsControlName(string name) =>
        name.Split(' ', 2)[0] is "scratch" or "classical" or "majority" || name.Split(' ', 2)[0].EndsWith("-random", StringComparison.Ordinal);
}
