using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Plots;

/// <summary>Shapes that stay apart at a few pixels.</summary>
internal enum MarkerShape
{
    Circle,
    Square,
    Triangle,
    Diamond,
    Plus,
    TriangleDown,
    Bar,
    Pentagon,
}

/// <summary>Outlines of the shapes.</summary>
internal static class MarkerShapes
{
    /// <summary>SVG path of a shape whose circle has the radius <paramref name="r"/>.</summary>
    public static string Path(this MarkerShape shape, double x, double y, double r) => shape switch
    {
        MarkerShape.Circle => $"M{Px(x - r)} {Px(y)}a{Px(r)} {Px(r)} 0 1 0 {Px(2 * r)} 0a{Px(r)} {Px(r)} 0 1 0 {Px(-2 * r)} 0z",
        MarkerShape.Square => Polygon(x, y, r * 1.2, 4, 45),
        MarkerShape.Triangle => Polygon(x, y + r * 0.15, r * 1.3, 3, -90),
        MarkerShape.Diamond => Polygon(x, y, r * 1.3, 4, 0),
        MarkerShape.TriangleDown => Polygon(x, y - r * 0.15, r * 1.3, 3, 90),
        MarkerShape.Bar => $"M{Px(x - r * 1.2)} {Px(y - r * 0.45)}h{Px(r * 2.4)}v{Px(r * 0.9)}h{Px(-r * 2.4)}z",
        MarkerShape.Pentagon => Polygon(x, y, r * 1.15, 5, -90),
        _ => Plus(x, y, r * 1.2, r * 0.42),
    };

    private static string Polygon(double x, double y, double r, int corners, double degrees) => "M" + string.Join('L', Enumerable.Range(0, corners).Select(i =>
    {
        double angle = (degrees + 360.0 * i / corners) * Math.PI / 180;
        return $"{Px(x + r * Math.Cos(angle))} {Px(y + r * Math.Sin(angle))}";
    })) + "z";

    private static string Plus(double x, double y, double r, double w)
    {
        string arm = Px(r - w), back = Px(w - r), wide = Px(2 * w), thin = Px(-2 * w);
        return $"M{Px(x - w)} {Px(y - r)}h{wide}v{arm}h{arm}v{wide}h{back}v{arm}h{thin}v{back}h{back}v{thin}h{arm}z";
    }
}
