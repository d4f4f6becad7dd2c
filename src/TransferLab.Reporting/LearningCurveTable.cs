using TransferLab.Comparison;

namespace TransferLab.Reporting;

/// <summary>Learning curves for the terminal: one row a strategy, one column a number of training examples a class.</summary>
public static class LearningCurveTable
{
    /// <summary>Aligned plain columns of accuracy in per cent with its interval; empty without curves.</summary>
    public static string ToText(ComparisonResults results)
    {
        if (results.LearningCurves is not { Count: > 0 } curves)
        {
            return "";
        }

        return TextColumns.Of(
        [
            ["accuracy, % by examples a class", .. curves[0].Points.Select(p => Figures.Count(p.PerClass))],
            .. curves.Select(c => (string[])[Figures.Name(c.Strategy), .. c.Points.Select(p => Figures.PercentWithInterval(p.Accuracy))]),
        ]);
    }
}
