using TransferLab.Comparison;

namespace TransferLab.Reporting;

/// <summary>Learning curves for the terminal: one row a strategy, one column a number of training examples a class.</summary>
public static class LearningCurveTable
{
    /// <summary>What is measured.</summary>
    internal static string Measured(ComparisonResults results) => results.Questions is null ? "accuracy" : results.Metrics[0].Name;

    /// <summary>What is counted: examples a class, or questions.</summary>
    internal static string Counted(ComparisonResults results) => results.Questions is null ? "examples a class" : "training questions";

    /// <summary>Aligned plain columns of accuracy in per cent with its interval; empty without curves.</summary>
    public static string ToText(ComparisonResults results)
    {
        if (results.LearningCurves is not { Count: > 0 } curves)
        {
            return "";
        }

        return TextColumns.Of(
        [
            [$"{Measured(results)}, % by {Counted(results)}", .. curves[0].Points.Select(p => Figures.Count(p.PerClass))],
            .. curves.Select(c => (string[])[Figures.Name(c.Strategy), .. c.Points.Select(p => Figures.PercentWithInterval(p.Accuracy))]),
        ]);
    }
}
