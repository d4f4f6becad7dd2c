using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>Whether the models are right as often as they say.</summary>
internal static class CalibrationSection
{
    /// <summary>Writes it, if the results hold it.</summary>
    public static void Write(Page page)
    {
        var shown = page.Strategies.Where(s => s.Strategy.Calibration is not null).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        bool isMended = shown.Any(s => s.Strategy.CalibratedBy is not null);
        page.Begin("calibration", "Is it right as often as it says?",
            "Predictions of all seeds in 15 bins of equally many, by the probability given to the predicted class. On the diagonal a model is as good as its "
                + "word; below it, it is too sure."
            + (isMended ? " Dashed: after temperature scaling, fitted on training examples held out for it." : ""));
        page.Markup.Open("div", ("class", "matrices"));
        foreach ((StrategyResult strategy, SeriesStyle style) in shown)
        {
            page.Markup.Line().Open("article", ("class", style.Css)).Open("h3");
            page.Key(style);
            page.Markup.Element("bdi", style.Name, ("class", "name")).Close();
            page.Markup.Open("figure", ("class", "reliability")).Own(ReliabilityPlot.Draw(strategy.Calibration!, strategy.CalibratedBy, style)).Close().Close();
        }

        page.Markup.Close();
        page.Table(
            "Expected calibration error, and the error that a perfectly calibrated model would show by chance with so few examples, in points; confidence "
                + "minus accuracy, in points"
            + (isMended ? "; the mean temperature, and the error and log loss with it" : ""),
            ["Strategy", "Error#", "By chance#", "Too sure by#", .. isMended ? new[] { "Temperature#", "Error after#", "Log loss#", "Log loss after#" } : []],
            shown.Select(s => Row(s.Strategy, isMended)));
        page.End();
    }

    private static string[] Row(StrategyResult strategy, bool isMended)
    {
        Calibration calibration = strategy.Calibration!;
        CalibratedResult[] runs = [.. strategy.Runs.Select(run => run.Calibrated).OfType<CalibratedResult>()];
        return
        [
            strategy.Name,
            Figures.Percent(calibration.Error),
            Figures.Percent(calibration.ErrorByChance),
            Figures.Points(calibration.Overconfidence),
            .. !isMended ? [] : runs.Length == 0 ? new[] { "", "", "", "" } :
            [
                runs.Average(run => run.Temperature).ToString("0.00", CultureInfo.InvariantCulture),
                Figures.Percent(strategy.CalibratedBy!.Error),
                Figures.Score(strategy.LogLoss),
                Figures.Score(runs.Average(run => run.LogLoss)),
            ],
        ];
    }
}
