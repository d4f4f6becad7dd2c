namespace TransferLab.Reporting.Plots;

/// <summary>Ticks of a logarithmic time axis at the times people think in: seconds, minutes, hours.</summary>
internal static class TimeTicks
{
    private static readonly (double Seconds, string Label)[] s_fine =
    [
        (0.001, "1 ms"), (0.003, "3 ms"), (0.01, "10 ms"), (0.03, "30 ms"), (0.1, "0.1 s"), (0.3, "0.3 s"),
        (1, "1 s"), (3, "3 s"), (10, "10 s"), (30, "30 s"), (60, "1 min"), (180, "3 min"), (600, "10 min"), (1800, "30 min"),
        (3600, "1 h"), (10800, "3 h"), (36000, "10 h"), (86400, "1 day"), (259200, "3 days"), (864000, "10 days"),
    ];

    private static readonly (double Seconds, string Label)[] s_coarse =
    [
        (0.001, "1 ms"), (0.01, "10 ms"), (0.1, "0.1 s"), (1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"),
        (3600, "1 h"), (36000, "10 h"), (864000, "10 days"),
    ];

    /// <summary>At most <paramref name="count"/> ticks (at least three where the axis is longer than a point).</summary>
    public static IReadOnlyList<(double Seconds, string Label)> On(Scale scale, int count)
    {
        (double Seconds, string Label)[] fine = Inside(s_fine, scale);
        if (fine.Length < 3)
        {
            return [.. scale.Ticks(Math.Min(count, 5)).Where(t => t > 0).Select(t => (t, Label(t)))];
        }

        return fine.Length <= count ? fine : Inside(s_coarse, scale);
    }

    private static string Label(double seconds) => seconds switch
    {
        < 0.1 => Scale.Label(seconds * 1000) + " ms",
        < 300 => Scale.Label(seconds) + " s",
        < 10800 => Scale.Label(seconds / 60) + " min",
        _ => Scale.Label(seconds / 3600) + " h",
    };

    private static (double Seconds, string Label)[] Inside((double Seconds, string Label)[] ticks, Scale scale) =>
        [.. ticks.Where(t => t.Seconds >= scale.Min && t.Seconds <= scale.Max)];
}
