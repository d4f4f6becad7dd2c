using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>What training changed inside the network: layer by layer, and in the plane of the features.</summary>
internal static class InsideSection
{
    private const int MostClassesWithKey = 24;

    /// <summary>Writes it, if it was looked at.</summary>
    public static void Write(Page page)
    {
        WriteLayers(page);
        WriteFeatures(page);
    }

    private static void WriteLayers(Page page)
    {
        var shown = page.Strategies.Where(s => s.Strategy.Layers is { Count: > 0 }).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        string[] groups = [.. shown[0].Strategy.Layers!.Select(layer => layer.Group)];
        page.Begin("layers", "What changed in each layer");
        page.Plot("How far the weights of each layer group moved from pretraining's, as a share of their length (first seed).",
            width => LinesPlot.Draw(width, width > 600 ? 320 : 300, "Distance of weights by layer group", groups,
                [.. shown.Select(s => new LinesPlot.Series(s.Style, [.. s.Strategy.Layers!.Select(layer => layer.Weights * 100)]))],
                "Weights moved by, %", "layer group, input to output →", (0, double.MaxValue, 0.1), v => Figures.Percent(v / 100) + " %"));
        page.Plot("How alike each layer group's output is to what it was on test examples: linear centred kernel alignment, 1 where nothing changed but rotation and scale.",
            width => LinesPlot.Draw(width, width > 600 ? 320 : 300, "Likeness of outputs by layer group", groups,
                [.. shown.Select(s => new LinesPlot.Series(s.Style, [.. s.Strategy.Layers!.Select(layer => layer.Cka)]))],
                "CKA with pretraining", "layer group, input to output →", (0, 1, 0.05), Figures.Score));
        page.Table("Distance of weights, % / CKA of outputs, by layer group", ["Layer group", .. shown.Select(s => s.Strategy.Name + "#")],
            groups.Select((group, g) => (string[])[group, .. shown.Select(s => $"{Figures.Percent(s.Strategy.Layers![g].Weights)} / {Figures.Score(s.Strategy.Layers[g].Cka)}")]));
        page.End();
    }

    private static void WriteFeatures(Page page)
    {
        if (page.Results.Features is not { } before)
        {
            return;
        }

        page.Begin("features", "The features before and after",
            $"{Figures.Count(before.Examples.Count)} test examples, each picture in the plane of its own two largest principal components (first seed). Colour and shape tell the class. Groups that lie apart are easy to tell from each other.");
        WriteKey(page);
        page.Markup.Open("div", ("class", "matrices"));
        WriteOne(page, "before training", null, before);
        foreach ((StrategyResult strategy, SeriesStyle style) in page.Strategies.Where(s => s.Strategy.Features is not null))
        {
            WriteOne(page, style.Name, style, strategy.Features!);
        }

        page.Markup.Close();
        page.End();
    }

    private static void WriteKey(Page page)
    {
        if (page.Results.Data.Classes.Count > MostClassesWithKey)
        {
            return;
        }

        page.Markup.Open("ul", ("class", "classkey"));
        for (int label = 0; label < page.Results.Data.Classes.Count; label++)
        {
            page.Markup.Open("li").Open("svg", ("class", $"key {ProjectionPlot.Css(label)}"), ("viewBox", "0 0 16 16"), ("aria-hidden", "true"));
            page.Markup.Empty("path", ("d", ProjectionPlot.Marker(label).Path(8, 8, 5)), ("class", "mark")).Close().Element("bdi", page.Results.Data.Classes[label]).Close();
        }

        page.Markup.Close();
    }

    private static void WriteOne(Page page, string name, SeriesStyle? style, Projection projection)
    {
        page.Markup.Line().Open("article").Open("h3");
        if (style is not null)
        {
            page.Key(style);
        }

        page.Markup.Element("bdi", name, ("class", "name")).Close().Open("figure").Own(ProjectionPlot.Draw(projection, page.Results, $"Features: {name}"));
        page.Markup.Element("figcaption", $"{Figures.Percent(projection.ExplainedX)} % and {Figures.Percent(projection.ExplainedY)} % of the variance").Close().Close();
    }
}
