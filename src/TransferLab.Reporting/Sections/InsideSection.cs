using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>What training changed inside the network: layer by layer, and in the plane of the features.</summary>
internal static class InsideSection
{
    private const int MostClassesWithKey = 24;
    private const float Unseen = 0.01f; // Of a map's width: what rounding on another machine may move a dot by.

    /// <summary>Writes it, if it was looked at.</summary>
    public static void Write(Page page)
    {
        WriteLayers(page);
        WriteFeatures(page);
    }

    private static void WriteLayers(Page page)
    {
        IGrouping<string, (StrategyResult Strategy, SeriesStyle Style)>[] backbones = [.. page.Strategies.Where(s => s.Strategy.Layers is { Count: > 0 })
            .GroupBy(s => string.Join('\n', s.Strategy.Layers!.Select(layer => layer.Group)))];
        if (backbones.Length == 0)
        {
            return;
        }

        page.Begin("layers", "What changed in each layer");
        foreach (IGrouping<string, (StrategyResult Strategy, SeriesStyle Style)> backbone in backbones)
        {
            if (backbones.Length > 1)
            {
                page.Markup.Line().Element("h3", string.Join(", ", backbone.Select(s => s.Strategy.Name)));
            }

            WriteLayers(page, [.. backbone]);
        }

        page.End();
    }

    /// <summary>Strategies whose backbones have the same layer groups.</summary>
    private static void WriteLayers(Page page, (StrategyResult Strategy, SeriesStyle Style)[] shown)
    {
        string[] groups = [.. shown[0].Strategy.Layers!.Select(layer => layer.Group)];
        page.Plot("How far the weights of each layer group moved from pretraining's, as a share of their length (first seed).",
            width => LinesPlot.Draw(width, width > 600 ? 320 : 300, "Distance of weights by layer group", groups,
                [.. shown.Select(s => new LinesPlot.Series(s.Style, [.. s.Strategy.Layers!.Select(layer => layer.Weights * 100)]))],
                "Weights moved by, %", "layer group, input to output →", (0, double.MaxValue, 0.1), v => Figures.Percent(v / 100) + " %"));
        page.Plot(
            "How alike each layer group's output is to what it was on test examples: linear centred kernel alignment, 1 where nothing changed but rotation and "
                + "scale.",
            width => LinesPlot.Draw(width, width > 600 ? 320 : 300, "Likeness of outputs by layer group", groups,
                [.. shown.Select(s => new LinesPlot.Series(s.Style, [.. s.Strategy.Layers!.Select(layer => layer.Cka)]))],
                "CKA with pretraining", "layer group, input to output →", (0, 1, 0.05), Figures.Score));
        page.Table("Distance of weights, % / CKA of outputs, by layer group", ["Layer group", .. shown.Select(s => s.Strategy.Name + "#")],
            groups.Select((group, g) =>
                (string[])[group, .. shown.Select(s => $"{Figures.Percent(s.Strategy.Layers![g].Weights)} / {Figures.Score(s.Strategy.Layers[g].Cka)}")]));
    }

    private static void WriteFeatures(Page page)
    {
        List<List<(RunInspection Inside, SeriesStyle Style)>> starts = [];
        foreach ((StrategyResult strategy, SeriesStyle style) in page.Strategies)
        {
            if (strategy.Runs.FirstOrDefault(run => run.Inspection is not null)?.Inspection is not { } inside)
            {
                continue;
            }

            if (starts.Find(known => AreAlike(known[0].Inside.Before, inside.Before)) is { } start)
            {
                start.Add((inside, style));
            }
            else
            {
                starts.Add([(inside, style)]);
            }
        }

        if (starts.Count == 0)
        {
            return;
        }

        page.Begin("features", "The features before and after",
            $"{string.Join(" or ", starts.Select(start => start[0].Inside.Before.Examples.Count).Distinct().Select(count => Figures.Count(count)))} test "
                + $"examples, each picture in the plane of its own two largest principal components (first seed). Colour and shape tell the class. Groups that "
                + $"lie apart are easy to tell from each other.");
        WriteKey(page);
        page.Markup.Open("div", ("class", "matrices"));
        foreach (List<(RunInspection Inside, SeriesStyle Style)> start in starts)
        {
            WriteOne(page, starts.Count == 1 ? "before training" : $"before training: {string.Join(", ", start.Select(s => s.Style.Name))}", null,
                start[0].Inside.Before);
            foreach ((RunInspection inside, SeriesStyle style) in start)
            {
                WriteOne(page, style.Name, style, inside.After);
            }
        }

        page.Markup.Close();
        page.End();
    }

    /// <summary>Whether both maps show the same examples in the same places.</summary>
    private static bool AreAlike(Projection a, Projection b) => a.Examples.SequenceEqual(b.Examples) && AreAlike(a.X, b.X) && AreAlike(a.Y, b.Y);

    private static bool AreAlike(IReadOnlyList<float> a, IReadOnlyList<float> b)
    {
        float slack = Unseen * (a.DefaultIfEmpty().Max() - a.DefaultIfEmpty().Min());
        return a.Count == b.Count && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= slack);
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
            page.Markup.Empty("path", ("d", ProjectionPlot.Marker(label).Path(8, 8, 5)), ("class", "mark")).Close()
                .Element("bdi", page.Results.Data.Classes[label]).Close();
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
        page.Markup.Element("figcaption", $"{Figures.Percent(projection.ExplainedX)} % and {Figures.Percent(projection.ExplainedY)} % of the variance").Close()
            .Close();
    }
}
