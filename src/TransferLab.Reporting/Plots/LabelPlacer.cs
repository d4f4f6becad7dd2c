namespace TransferLab.Reporting.Plots;

/// <summary>Puts names beside their points where they cover least; greedy, the first name gets the best place.</summary>
internal sealed class LabelPlacer(Box bounds)
{
    private const double TextHeight = 14;

    private readonly List<Box> _taken = [];

    /// <summary>Reserves a place that names should leave free.</summary>
    public void Avoid(Box box) => _taken.Add(box);

    /// <summary>Draws the name of a point, with a line to it where the name had to go further away.</summary>
    public void Draw(Canvas canvas, string name, double x, double y)
    {
        (double left, double baseline) = Place(name, x, y);
        if (Math.Abs(baseline - 5 - y) > 13)
        {
            canvas.Line(x, y, Math.Clamp(x, left, left + Canvas.TextWidth(name)), baseline > y ? baseline - 10 : baseline + 2, "leader");
        }

        canvas.Text(left, baseline, name, "label");
    }

    // X is the left end of the name and Y its baseline.
    private (double X, double Y) Place(string name, double x, double y)
    {
        double width = Canvas.TextWidth(name);
        (double Cost, double X, double Middle) best = (double.MaxValue, x, y);
        foreach ((double dx, double dy) in Candidates(width))
        {
            Box box = new(x + dx - 1, y + dy - TextHeight / 2, x + dx + width + 1, y + dy + TextHeight / 2);
            double outside = box.Right - box.Left - Math.Max(0, Math.Min(box.Right, bounds.Right) - Math.Max(box.Left, bounds.Left))
                + TextHeight - Math.Max(0, Math.Min(box.Bottom, bounds.Bottom) - Math.Max(box.Top, bounds.Top));
            double cost = _taken.Sum(box.Overlap) + 50 * outside + 0.4 * Math.Abs(dy);
            if (cost < best.Cost)
            {
                best = (cost, x + dx, y + dy);
            }
        }

        _taken.Add(new Box(best.X - 1, best.Middle - TextHeight / 2, best.X + width + 1, best.Middle + TextHeight / 2));
        return (best.X, best.Middle + TextHeight * 0.32);
    }

    private static IEnumerable<(double X, double Y)> Candidates(double width)
    {
        foreach (double dy in (double[])[0, -11, 11, -20, 20, -30, 30, -40, 40, -52, 52, -66, 66])
        {
            yield return (11, dy);
            yield return (-11 - width, dy);
        }

        yield return (-width / 2, -17);
        yield return (-width / 2, 17);
    }
}
