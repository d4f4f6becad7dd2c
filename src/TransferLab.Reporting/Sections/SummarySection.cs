using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;
using TransferLab.Training;
using static TransferLab.Reporting.Html.MarkupWriter;

namespace TransferLab.Reporting.Sections;

/// <summary>The table of strategies. On a phone its rows become cards, so it says its roles itself.</summary>
internal static class SummarySection
{
    private static readonly string[] s_columns =
        ["Strategy", "Accuracy, %", "Macro-F1", "Log loss", "Train time", "Epochs", "Trainable / all parameters", "Peak memory", "Latency per example"];

    /// <summary>Writes it.</summary>
    public static void Write(Page page)
    {
        page.Begin("summary", "The strategies side by side");
        MarkupWriter markup = page.Markup.Line().Open("table", ("class", "summary"), ("role", "table"));
        markup.Element("caption", Caption(page)).Open("thead", ("role", "rowgroup")).Open("tr", ("role", "row"));
        foreach (string column in s_columns)
        {
            markup.Element("th", column, ("scope", "col"), ("role", "columnheader"), ("class", column == "Strategy" ? "" : "n"));
        }

        markup.Close().Close().Open("tbody", ("role", "rowgroup"));
        Scale scale = Scale.Linear(page.Results.Strategies.SelectMany(s => new[] { s.Accuracy.Low * 100, s.Accuracy.High * 100 }), 3, 117, 0, 100, 4);
        double longest = page.Results.Strategies.Select(s => s.TrainSeconds).DefaultIfEmpty(1).Max();
        foreach (((StrategyResult strategy, SeriesStyle style), ResultsRow row) in page.Strategies.Zip(ResultsTable.Rows(page.Results)))
        {
            WriteRow(page, strategy, style, row, scale, longest);
        }

        markup.Close().Close();
        page.End();
    }

    private static string Caption(Page page)
    {
        int seeds = page.Results.Strategies.Select(s => s.Runs.Count).DefaultIfEmpty().Max();
        return "Test accuracy with its 95 % interval"
            + (seeds > 1 ? $"; means over {Figures.Count(seeds, "seed")}" : "")
            + ". Time is from files to a trained model, as if nothing had been cached: "
            + "reading inputs (faint) + running frozen layers once (medium) + training (strong)"
                + (page.IsTuned ? " + trials that chose the settings (striped)." : ".");
    }

    private static void WriteRow(Page page, StrategyResult strategy, SeriesStyle style, ResultsRow row, Scale scale, double longest)
    {
        MarkupWriter markup = page.Markup.Line().Open("tr", ("role", "row"), ("class", style.Css));
        markup.Open("th", ("scope", "row"), ("role", "rowheader"));
        page.Key(style);
        markup.Element("bdi", row.Strategy, ("class", "name")).Element("small", strategy.Description).Close();

        Cell(markup, 1, "accuracy").Element("b", Figures.Percent(strategy.Accuracy.Value));
        markup.Text(" ").Element("span", $"({Figures.PercentInterval(strategy.Accuracy)})", ("class", "range"));
        if (strategy.AccuracySpread is { } spread)
        {
            markup.Element("small", $"± {Figures.Percent(spread)} between seeds", ("class", "spread"));
        }

        Whisker(markup, strategy.Accuracy, scale);
        markup.Close();
        Cell(markup, 2).Text(row.MacroF1).Close();
        Cell(markup, 3).Text(row.LogLoss).Close();
        Cell(markup, 4, "time").Element("b", row.TrainTime);
        (string Css, double Seconds)[] parts = TimeParts(strategy, page.IsTuned);
        TimeBar(markup, parts, longest);
        markup.Element("small", strategy.Runs.Count == 0 ? "" : string.Join(" + ", parts.Select(part => Figures.Duration(part.Seconds)))).Close();
        Cell(markup, 5).Text(Epochs(strategy)).Close();
        Cell(markup, 6).Element("span", row.TrainableParameters).Element("small", $"of {Figures.Count(strategy.TotalParameters)}").Close();
        Cell(markup, 7).Text(row.PeakMemory).Close();
        Cell(markup, 8).Text(row.Latency).Close();
        markup.Close();
    }

    private static MarkupWriter Cell(MarkupWriter markup, int column, string css = "") =>
        markup.Open("td", ("role", "cell"), ("data-label", s_columns[column]), ("class", $"n {css}".TrimEnd()));

    private static void Whisker(MarkupWriter markup, Estimate accuracy, Scale scale)
    {
        double low = scale.Map(accuracy.Low * 100), high = scale.Map(accuracy.High * 100);
        markup.Open("svg", ("class", "whisker"), ("viewBox", "0 0 120 12"), ("aria-hidden", "true"));
        markup.Empty("path", ("d", "M0 6h120"), ("class", "grid"));
        markup.Empty("path", ("d", $"M{Px(low)} 6L{Px(high)} 6"), ("class", "interval"));
        markup.Empty("path", ("d", MarkerShape.Circle.Path(scale.Map(accuracy.Value * 100), 6, 4)), ("class", "mark")).Close();
    }

    private static void TimeBar(MarkupWriter markup, (string Css, double Seconds)[] parts, double longest)
    {
        markup.Open("span", ("class", "bar"), ("aria-hidden", "true"));
        foreach ((string css, double seconds) in parts)
        {
            double share = longest > 0 ? Math.Clamp(100 * seconds / longest, 0, 100) : 0;
            if (share > 0)
            {
                markup.Open("i", ("class", css), ("style", string.Create(CultureInfo.InvariantCulture, $"width:{share:0.##}%"))).Close();
            }
        }

        markup.Close();
    }

    private static (string Css, double Seconds)[] TimeParts(StrategyResult strategy, bool isTuned) =>
    [
        ("reading", Mean(strategy, t => t.Reading)),
        ("features", Mean(strategy, t => t.Features)),
        ("training", Mean(strategy, t => t.Training)),
        .. isTuned ? new[] { ("tuning", Mean(strategy, t => t.Tuning)) } : [],
    ];

    private static double Mean(StrategyResult strategy, Func<RunTime, double> part) =>
        strategy.Runs.Select(r => part(r.Time)).DefaultIfEmpty().Average();

    private static string Epochs(StrategyResult strategy)
    {
        if (strategy.Runs.Count == 0)
        {
            return "n/a";
        }

        int least = strategy.Runs.Min(r => r.Epochs), most = strategy.Runs.Max(r => r.Epochs);
        return least == most ? Figures.Count(least) : $"{Figures.Count(least)}-{Figures.Count(most)}";
    }
}
