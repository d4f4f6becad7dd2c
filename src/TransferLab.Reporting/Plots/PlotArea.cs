namespace TransferLab.Reporting.Plots;

/// <summary>The frame of a plot of accuracy over time: grid, ticks, axis titles.</summary>
internal sealed class PlotArea
{
    /// <summary>Least time on a logarithmic axis, seconds.</summary>
    public const double LeastSeconds = 0.001;

    /// <summary>Lays the frame out over the values that will be drawn.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="right">Room for names at the right.</param>
    /// <param name="seconds">All times.</param>
    /// <param name="shares">All accuracies in [0, 1].</param>
    public PlotArea(double width, double height, double right, IEnumerable<double> seconds, IEnumerable<double> shares)
    {
        Inner = new Box(34, 30, width - right, height - 46);
        X = Scale.Log(seconds, Inner.Left + 6, Inner.Right - 6, LeastSeconds, 1.35);
        Y = Scale.Linear(shares.Select(s => s * 100), Inner.Bottom, Inner.Top, 0, 100, 4);
    }

    /// <summary>The rectangle between the axes.</summary>
    public Box Inner { get; }

    /// <summary>Seconds, logarithmic.</summary>
    public Scale X { get; }

    /// <summary>Per cent.</summary>
    public Scale Y { get; }

    /// <summary>Pixel of a point.</summary>
    public (double X, double Y) At(double seconds, double share) => (X.Map(Math.Max(seconds, LeastSeconds)), Y.Map(share * 100));

    /// <summary>Draws grid, ticks and titles.</summary>
    public void Draw(Canvas canvas, string yTitle, string xTitle) =>
        new Frame(Inner, X, Y).Draw(canvas, yTitle, xTitle, [.. TimeTicks.On(X, (int)(Inner.Right - Inner.Left) / 62)]);
}
