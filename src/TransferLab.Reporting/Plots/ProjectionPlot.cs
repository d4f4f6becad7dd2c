using TransferLab.Comparison;

namespace TransferLab.Reporting.Plots;

/// <summary>Features in the plane of their two largest principal components, a dot an example, coloured and shaped by class.</summary>
internal static class ProjectionPlot
{
    private const double Side = 300;
    private const int Colours = 8;
    private static readonly MarkerShape[] s_shapes = Enum.GetValues<MarkerShape>();

    /// <summary>The class of colour of a class.</summary>
    public static string Css(int label) => $"s{label % Colours}";

    /// <summary>The marker of a class; after eight classes colours come again with other shapes.</summary>
    public static MarkerShape Marker(int label) => s_shapes[(label + (label / Colours)) % s_shapes.Length];

    /// <summary>Draws it.</summary>
    /// <param name="projection">The dots.</param>
    /// <param name="results">Where their classes are.</param>
    /// <param name="title">What is shown.</param>
    public static string Draw(Projection projection, ComparisonResults results, string title)
    {
        Canvas canvas =
            new(Side, Side, title,
                $"{Figures.Count(projection.Examples.Count)} test examples in the plane of their two largest principal components, which explain "
            + $"{Figures.Percent(projection.ExplainedX)} and {Figures.Percent(projection.ExplainedY)} per cent of the variance. Examples lie "
                + $"{Figures.Score(Separation(projection, results))} times as far from their class's centre as from the others'.");
        Scale x = Axis(projection.X, 10, Side - 10), y = Axis(projection.Y, Side - 10, 10);
        canvas.Path($"M0 0h{Side}v{Side}h-{Side}z", "cells-frame");
        foreach (IGrouping<int, int> group in Enumerable.Range(0, projection.Examples.Count).GroupBy(i => Label(results, projection.Examples[i]))
            .OrderBy(group => group.Key))
        {
            canvas.Begin(Css(Math.Max(0, group.Key)));
            canvas.Path(string.Concat(group.Select(i => Marker(Math.Max(0, group.Key)).Path(x.Map(projection.X[i]), y.Map(projection.Y[i]), 3.2))), "dot",
                group.Key < 0 ? null : results.Data.Classes[group.Key]);
            canvas.End();
        }

        return canvas.Finish();
    }

    /// <summary>Mean distance to the own class's centre over the mean distance to the other centres, in the plane: small where classes lie apart.</summary>
    private static double Separation(Projection projection, ComparisonResults results)
    {
        var dots = projection.Examples.Select((e, i) => (Label: Label(results, e), X: (double)projection.X[i], Y: (double)projection.Y[i])).ToArray();
        var centres = dots.GroupBy(d => d.Label).ToDictionary(g => g.Key, g => (X: g.Average(d => d.X), Y: g.Average(d => d.Y)));
        double own = dots.Select(d => Math.Sqrt(Math.Pow(d.X - centres[d.Label].X, 2) + Math.Pow(d.Y - centres[d.Label].Y, 2))).DefaultIfEmpty().Average();
        double others = dots.SelectMany(d => centres.Where(c => c.Key != d.Label)
            .Select(c => Math.Sqrt(Math.Pow(d.X - c.Value.X, 2) + Math.Pow(d.Y - c.Value.Y, 2)))).DefaultIfEmpty().Average();
        return others > 0 ? own / others : 0;
    }

    private static int Label(ComparisonResults results, int example) =>
        (uint)example < (uint)results.Test.Count && (uint)results.Test[example].Label < (uint)results.Data.Classes.Count ? results.Test[example].Label : -1;

    private static Scale Axis(IReadOnlyList<float> values, double from, double to)
    {
        double low = values.DefaultIfEmpty().Min(), high = values.DefaultIfEmpty().Max();
        return Scale.Between(low, high > low ? high : low + 1, from, to);
    }
}
