using System.Text;
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

        List<string[]> lines = [["accuracy, % by examples a class", .. curves[0].Points.Select(p => Figures.Count(p.PerClass))],
            .. curves.Select(c => (string[])[Figures.Name(c.Strategy), .. c.Points.Select(p => Figures.PercentWithInterval(p.Accuracy))])];
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length))];
        StringBuilder text = new();
        foreach (string[] line in lines)
        {
            text.Append(line[0].PadRight(widths[0]));
            for (int i = 1; i < line.Length; i++)
            {
                text.Append("  ").Append(line[i].PadLeft(widths[i]));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
