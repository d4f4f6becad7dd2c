namespace TransferLab.Reporting.Plots;

/// <summary>The frame of a plot over two axes of any kind: grid, ticks, axis titles.</summary>
internal sealed class Frame(Box inner, Scale x, Scale y)
{
    /// <summary>The rectangle between the axes.</summary>
    public Box Inner { get; } = inner;

    /// <summary>The axis across.</summary>
    public Scale X { get; } = x;

    /// <summary>The axis up.</summary>
    public Scale Y { get; } = y;

    /// <summary>Pixel of a point.</summary>
    public (double X, double Y) At(double x, double y) => (X.Map(x), Y.Map(y));

    /// <summary>Draws grid, ticks and titles.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="yTitle">Title of the axis up, at its upper end.</param>
    /// <param name="xTitle">Title of the axis across, at its right end.</param>
    /// <param name="xTicks">Ticks across; round numbers where null.</param>
    public void Draw(Canvas canvas, string yTitle, string xTitle, IReadOnlyList<(double Value, string Label)>? xTicks = null)
    {
        canvas.Text(0, 14, yTitle, "axis");
        foreach (double tick in Y.Ticks(6))
        {
            double at = Y.Map(tick);
            canvas.Line(Inner.Left, at, Inner.Right, at, "grid");
            canvas.Text(Inner.Left - 7, at + 4.5, Scale.Label(tick), "tick", "end");
        }

        foreach ((double value, string label) in xTicks ?? [.. X.Ticks(6).Select(tick => (tick, Scale.Label(tick)))])
        {
            double at = X.Map(value);
            canvas.Line(at, Inner.Top, at, Inner.Bottom, "grid");
            canvas.Text(at, Inner.Bottom + 18, label, "tick", "middle");
        }

        canvas.Line(Inner.Left, Inner.Bottom, Inner.Right, Inner.Bottom, "base");
        canvas.Text(Inner.Right, canvas.Height - 6, xTitle, "axis", "end");
    }
}
