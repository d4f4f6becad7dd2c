using TransferLab.Comparison;
using TransferLab.Strategies;

namespace TransferLab.Reporting.Plots;

/// <summary>How a strategy looks in every plot of the page: colour, marker and name.</summary>
/// <param name="Name">Name of the strategy.</param>
/// <param name="Css">Class that sets its colour; the style sheet holds one for light and one for dark.</param>
/// <param name="Marker">Its marker, so that colour is never the only cue.</param>
/// <param name="IsControl">Whether it is there to be compared with (no pretraining, no network): drawn quieter.</param>
internal sealed record SeriesStyle(string Name, string Css, MarkerShape Marker, bool IsControl)
{
    private static readonly MarkerShape[] s_shapes = Enum.GetValues<MarkerShape>();

    /// <summary>
    /// One style a row. The first row that freezes the backbone and the first that fine-tunes all of it have the same colours on every page; after eight rows
    /// colours come again with other shapes.
    /// </summary>
    public static IReadOnlyList<SeriesStyle> For(ComparisonResults results)
    {
        int others = 2, controls = 0;
        HashSet<SpectrumEnd> taken = [];
        List<SeriesStyle> styles = [];
        foreach (StrategyResult row in results.Strategies)
        {
            if (row.Role is StrategyRole.Control or StrategyRole.Baseline)
            {
                styles.Add(new SeriesStyle(row.Name, "quiet", s_shapes[(4 + controls++) % s_shapes.Length], true));
                continue;
            }

            int i = row.End is { } end && taken.Add(end) ? (int)end : others++;
            styles.Add(new SeriesStyle(row.Name, ProjectionPlot.Css(i), ProjectionPlot.Marker(i), false));
        }

        return styles;
    }
}
