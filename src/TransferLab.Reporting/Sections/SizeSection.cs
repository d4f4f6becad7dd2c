using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>Learning curves: what more training examples are worth, and where fine-tuning overtakes freezing.</summary>
internal static class SizeSection
{
    /// <summary>Writes it, if the comparison was made at several sizes.</summary>
    public static void Write(Page page)
    {
        LearningCurve[] curves = [.. SizePlot.Shown(page.Results)];
        if (curves.Length == 0)
        {
            return;
        }

        (string measured, string counted) = (LearningCurveTable.Measured(page.Results), LearningCurveTable.Counted(page.Results));
        bool isAnswers = page.Results.Questions is not null;
        page.Begin("sizes", isAnswers ? "What more training questions are worth" : "What more training examples are worth");
        if (page.Results.Crossings is { Count: > 0 } crossings)
        {
            page.Markup.Open("ul", ("class", "sentences"));
            foreach (Crossing crossing in crossings)
            {
                page.Markup.Element("li", crossing.Sentence);
            }

            page.Markup.Close();
        }

        page.Plot(
            $"{(isAnswers ? char.ToUpperInvariant(measured[0]) + measured[1..] : "Test accuracy")} with its 95 % interval as a band; small dots are single "
                + $"seeds. "
            + (isAnswers ? "Level lines: ways that depend on no training question. " : "")
            + (SizePlot.Crossing(page.Results) is { } shown
                ? $"The dashed line marks where {shown.Second} overtakes {shown.First}, the bar at its foot the 95 % interval of that size. "
                : "")
            + "All other sections show the largest size.",
            width => SizePlot.Draw(page.Results, page.Styles, width));
        page.Table(isAnswers ? $"{measured} in per cent (95 % interval) by {counted}" : "Accuracy in per cent (95 % interval) by training examples a class",
            [isAnswers ? "Way" : "Strategy", .. curves[0].Points.Select(p => $"{Figures.Count(p.PerClass)}#")],
            curves.Select(c => (string[])[c.Strategy, .. c.Points.Select(p => Figures.PercentWithInterval(p.Accuracy))]));
        page.Table(isAnswers ? $"Preparation by {counted}" : "Training time by training examples a class",
            [isAnswers ? "Way" : "Strategy", .. curves[0].Points.Select(p => $"{Figures.Count(p.PerClass)}#")],
            curves.Select(c => (string[])[c.Strategy, .. c.Points.Select(p => Figures.Duration(p.TrainSeconds))]));
        page.End();
    }
}
